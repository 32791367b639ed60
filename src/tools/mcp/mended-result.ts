import { isObject, type JsonObject } from '../../base/json.js';

/**
 * The result of a request as the protocol writes it. Members that are null, content of types that we do not know, and
 * results of older revisions would otherwise cost the whole answer. What nothing can be made of stays as it is.
 */
export function mendedResult(method: string, result: unknown): unknown {
  switch (method) {
    case 'initialize':
      return isObject(result) ? mendedServer(withoutNulls(result)) : result;
    case 'server/discover':
      return isObject(result) ? withoutNulls(result) : result;
    case 'tools/list':
      return Array.isArray(result) ? { tools: result } : isObject(result) ? mendedPage(result) : result;
    case 'tools/call':
      return mendedCallResult(result);
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

function mendedPage({ nextCursor, ...page }: JsonObject): JsonObject {
  return typeof nextCursor === 'string' ? { ...page, nextCursor } : page;
}

function mendedCallResult(result: unknown): unknown {
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
  return {
    ...withoutNulls(others),
    content: parts,
    ...(isObject(data) && { structuredContent: data }),
    ...((isError === true || isError === 'true') && { isError: true }),
    ...(isObject(_meta) && { _meta: withoutNulls(_meta) }),
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
      return typeof text === 'string' ? textPart(text) : unknownPart(part);
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

function unknownPart({ type }: JsonObject): JsonObject {
  const named = typeof type === 'string' ? `of type ${JSON.stringify(type.slice(0, 40))}` : 'without a type';
  return textPart(`[content ${named} that cannot be shown here]`);
}

function textPart(value: unknown): JsonObject {
  return { type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) };
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
