import { isObject } from '../../base/json.js';
import { ToolError } from '../definition/tool-error.js';

interface CallResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

/**
 * A server's result as text for the model: its texts, or its data if there are none. Other content is described.
 * @throws ToolError with the server's message when the call failed.
 */
export function callResult({ content, structuredContent, isError }: CallResult): unknown {
  const parts = Array.isArray(content) ? content.filter(isObject) : [];
  const words = parts.map(spoken).filter((text) => text !== undefined);
  if (isError === true) {
    const data = structuredContent === undefined ? '' : JSON.stringify(structuredContent);
    const said = words.join(' ').trim() || data;
    throw new ToolError('mcp.tool-failed', said === '' ? 'The tool failed without a message.' : said);
  }
  const described = parts.map(description).filter((text) => text !== undefined);
  if (words.length === 0 && structuredContent !== undefined) words.push(JSON.stringify(structuredContent));
  const told = [...words, ...described];
  return told.length === 0 ? undefined : told.join('\n');
}

/** The text of a part: a text, or a resource that is text. */
function spoken(part: Readonly<Record<string, unknown>>): string | undefined {
  if (part.type === 'text' && typeof part.text === 'string') return part.text;
  const { resource } = part;
  return part.type === 'resource' && isObject(resource) && typeof resource.text === 'string'
    ? `[${named('resource', resource)}]\n${resource.text}`
    : undefined;
}

function description(part: Readonly<Record<string, unknown>>): string | undefined {
  switch (part.type) {
    case 'image':
      return `[an image that cannot be shown here: ${typeAndSize(part.mimeType, part.data)}]`;
    case 'audio':
      return `[a sound that cannot be played here: ${typeAndSize(part.mimeType, part.data)}]`;
    case 'resource': {
      const { resource } = part;
      if (!isObject(resource) || typeof resource.text === 'string') return undefined;
      return `[${named('resource', resource)}: ${typeAndSize(resource.mimeType, resource.blob)}]`;
    }
    case 'resource_link':
      return `[${named('link to a resource', part)}]`;
    default:
      return undefined;
  }
}

function named(
  what: string,
  { name, title, uri, description: about }: Readonly<Record<string, unknown>>,
): string {
  const label = [title ?? name, uri].filter((text) => typeof text === 'string').join(', ');
  return `${what} ${label}${typeof about === 'string' ? `: ${about}` : ''}`;
}

function typeAndSize(mimeType: unknown, base64: unknown): string {
  const type = typeof mimeType === 'string' ? mimeType : 'of unknown type';
  return typeof base64 === 'string' ? `${type}, ${Buffer.byteLength(base64, 'base64')} bytes` : type;
}
