import { isObject, type JsonObject } from '../../base/json.js';
import { failureWords, jsonText } from './failure-words.js';

/** The member that carries the tools of a page of the newest revision. */
export const carriedTools = 'voxterm/tools';

/**
 * The result of a request as the protocol writes it. Members that are null, content of types that we do not know, and
 * results of older revisions would otherwise cost the whole answer. What nothing can be made of stays as it is.
 * @param modern whether the request was one of revision 2026-07-28 or later, whose results have further members.
 */
export function mendedResult(method: string, result: unknown, modern = false): unknown {
  switch (method) {
    case 'initialize':
      return isObject(result) ? mendedServer(withoutNulls(result)) : result;
    case 'server/discover':
      return isObject(result) ? mendedDiscovery(withoutNulls(result)) : result;
    case 'tools/list': {
      const page = Array.isArray(result) ? { tools: result } : result;
      if (!isObject(page)) return page;
      return modern ? modernPage(mendedPage(page)) : mendedPage(page);
    }
    case 'tools/call': {
      const mended = mendedCallResult(result);
      return modern ? { ...mended, resultType: textOr(mended.resultType, 'complete') } : mended;
    }
    default:
      return result ?? {};
  }
}

function mendedServer(result: JsonObject): JsonObject {
  const { capabilities, serverInfo } = result;
  const named = isObject(serverInfo) ? serverInfo : {};
  return {
    ...result,
    capabilities: isObject(capabilities) ? capabilities : {},
    serverInfo: {
      ...named,
      name: named.name ?? 'unknown',
      version: typeof named.version === 'number' ? `${named.version}` : (named.version ?? 'unknown'),
    },
  };
}

/** An older server answers a question that it does not know with anything: only a list of revisions is an answer. */
function mendedDiscovery(result: JsonObject): JsonObject {
  return Array.isArray(result.supportedVersions)
    ? { ...cacheable(result), capabilities: isObject(result.capabilities) ? result.capabilities : {} }
    : result;
}

/**
 * The client drops a whole page for one entry that is not as the newest revision says. It passes on members that it
 * does not know, so the entries are carried in one of ours, and each is read by itself.
 */
function modernPage(page: JsonObject): JsonObject {
  const { tools } = page;
  return cacheable(Array.isArray(tools) ? { ...page, tools: [], [carriedTools]: tools } : page);
}

/** With the members that the newest revision requires of results that may be kept. */
function cacheable(result: JsonObject): JsonObject {
  const { ttlMs, cacheScope, resultType } = result;
  return {
    ...result,
    resultType: textOr(resultType, 'complete'),
    ttlMs: typeof ttlMs === 'number' && Number.isInteger(ttlMs) && ttlMs >= 0 ? ttlMs : 0,
    cacheScope: cacheScope === 'public' ? 'public' : 'private',
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function mendedPage({ nextCursor, ...page }: JsonObject): JsonObject {
  return typeof nextCursor === 'string' ? { ...page, nextCursor } : page;
}

function mendedCallResult(result: unknown): JsonObject {
  if (result === null || result === undefined) return { content: [] };
  if (!isObject(result)) return { content: [textPart(result)] };
  const { content, structuredContent, isError, toolResult, _meta, ...others } = result;
  // A question of the server instead of a result.
  if (typeof others.resultType === 'string' && others.resultType !== 'complete') return withoutNulls(result);
  const given = Array.isArray(content) ? content : content === undefined || content === null ? [] : [content];
  const parts = given.map(mendedPart);
  // Revision 2024-10-07.
  if (given.length === 0 && toolResult !== undefined && toolResult !== null) parts.push(textPart(toolResult));
  const data = structuredContent ?? undefined;
  if (data !== undefined && !isObject(data) && parts.length === 0) parts.push(textPart(data));
  const failed = isError === true || isError === 'true';
  if (parts.length === 0 && data === undefined) return ownResult(others, failed, _meta);
  return {
    ...withoutNulls(others),
    content: parts,
    ...(isObject(data) && { structuredContent: data }),
    ...(failed && { isError: true }),
    ...(isObject(_meta) && { _meta: withoutNulls(_meta) }),
  };
}

/** A result without content: what it says in members of its own, which may be that the tool failed. */
function ownResult({ resultType, ...given }: JsonObject, saidToFail: boolean, meta: unknown): JsonObject {
  const own = withoutNulls(given);
  const { error } = own;
  const none = [undefined, false, '', 0].some((value) => value === error);
  const failed = saidToFail || !none || own.success === false;
  const words = failed ? failureWords(own) : undefined;
  const empty = Object.keys(own).length === 0;
  return {
    ...(typeof resultType === 'string' && { resultType }),
    content: empty ? [] : [textPart(words ?? own)],
    ...(failed && { isError: true }),
    ...(isObject(meta) && { _meta: withoutNulls(meta) }),
  };
}

/** One part with only the fields that we use: a wrong one among the others makes the whole result invalid. */
function mendedPart(part: unknown): JsonObject {
  if (!isObject(part)) return textPart(part);
  const { type, text, data, mimeType, resource, uri, name } = part;
  switch (type) {
    case 'image':
    case 'audio':
      return typeof data === 'string' && isBase64(data)
        ? { type, data, mimeType: typeof mimeType === 'string' ? mimeType : 'of unknown type' }
        : unknownPart(part);
    case 'resource':
      return isObject(resource) ? mendedResource(resource) : unknownPart(part);
    case 'resource_link':
      return typeof uri === 'string'
        ? { type, uri, name: typeof name === 'string' ? name : uri, ...texts(part, ['title', 'description']) }
        : unknownPart(part);
    default:
      return typeof text === 'string' ? textPart(text) : foreignPart(part);
  }
}

function mendedResource(resource: JsonObject): JsonObject {
  const { uri, text, blob } = resource;
  const described = {
    uri: typeof uri === 'string' ? uri : '',
    ...texts(resource, ['name', 'title', 'mimeType']),
  };
  if (typeof text === 'string') return { type: 'resource', resource: { ...described, text } };
  if (typeof blob === 'string' && isBase64(blob))
    return { type: 'resource', resource: { ...described, blob } };
  return unknownPart({ type: 'resource' });
}

/** A part of a type that we do not know: its value, unless that is a file. */
function foreignPart(part: JsonObject): JsonObject {
  const { type, text, json, value, data } = part;
  const named = typeof type === 'string' && Object.hasOwn(part, type) ? part[type] : undefined;
  const structured = typeof data === 'object' ? data : undefined;
  const found = text ?? named ?? json ?? value ?? structured ?? undefined;
  if (found === undefined) return unknownPart(part);
  const shown = textPart(found);
  return holdsFile(String(shown.text)) ? unknownPart(part) : shown;
}

/** Whether a text holds more base64 in one run than a key or a token has. */
function holdsFile(text: string): boolean {
  return (text.match(/[A-Za-z0-9+/]+/g) ?? []).some(({ length }) => length >= 2000);
}

function unknownPart({ type }: JsonObject): JsonObject {
  const named = typeof type === 'string' ? `of type ${JSON.stringify(type.slice(0, 40))}` : 'without a type';
  return textPart(`[content ${named} that cannot be shown here]`);
}

function textPart(value: unknown): JsonObject {
  return { type: 'text', text: typeof value === 'string' ? value : jsonText(value) };
}

function texts(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (typeof from[key] === 'string' ? [[key, from[key]]] : [])));
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Deeper members stay as they are: the protocol has none, and a message may be nested without end. */
const deepestMember = 50;

/** Without members that are null, at any depth that the protocol has. */
function withoutNulls(value: JsonObject, depth = 0): JsonObject {
  if (depth > deepestMember) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.map(([key, member]) => [key, isObject(member) ? withoutNulls(member, depth + 1) : member]),
  );
}
