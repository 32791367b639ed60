import { isObject } from '../../base/json.js';
import { VoxtermError } from '../../contract/failure.js';
import { ProxyFailure } from '../../network/proxy-failure.js';
import { ToolError } from '../definition/tool-error.js';
import { bodyWords } from './failure-words.js';
import type { McpServerOptions } from './mcp-server.js';
import type { Sdk, Transport } from './sdk.js';
import { StdioTransport } from './stdio-transport.js';
import { newestRevision, unsupportedRevision } from './waiting-requests.js';

/** The reason why a server cannot be used, as the end of a sentence that starts with its name. */
export function whyUnusable(
  error: unknown,
  server: McpServerOptions,
  transport: Transport,
  sdk: Sdk,
): string {
  const said = transport instanceof StdioTransport ? lastOutput(transport) : '';
  if (transport instanceof StdioTransport && transport.ending !== undefined) {
    return `ended before it was ready (${transport.ending})${said}`;
  }
  const code = codeOf(error);
  if ('command' in server && code !== undefined) return notStarted(code, server.command);
  if (error instanceof sdk.SdkHttpError) return refused(error.status, httpWords(error));
  if (error instanceof sdk.ProtocolError) return `refused to initialize: ${messageOf(error)}`;
  if (error instanceof sdk.SdkError) {
    if (error.code === sdk.SdkErrorCode.RequestTimeout) return `did not answer in time${said}`;
    if (error.code === sdk.SdkErrorCode.ClientHttpUnexpectedContent) {
      return 'is not an MCP server: it answers with something other than JSON or an event stream';
    }
  }
  return 'url' in server ? unreachable(error) : `cannot be used: ${messageOf(error)}${said}`;
}

/** What to try when a server could not be used with the newest revision: an older one, the same with more time. */
export type NextRevision = 'older' | 'newest' | 'none';

export function nextRevision(error: unknown, server: McpServerOptions, sdk: Sdk): NextRevision {
  // It may speak older ones all the same.
  if (otherRevisions(error, sdk) !== undefined) return 'older';
  // It was too slow to answer the first question, and then refused the handshake of older revisions.
  if (error instanceof sdk.ProtocolError) return 'command' in server ? 'newest' : 'none';
  if (error instanceof sdk.SdkHttpError) return [401, 403].includes(error.status) ? 'none' : 'older';
  // Nothing listens there, or the program cannot be started.
  const causes = causesOf(error);
  if (causes.some(isOurs)) return 'none';
  const code = codeOf(causes.at(-1));
  if (code !== undefined && code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') return 'none';
  // Programs end, and servers close the connection, on a question that they do not know.
  return error instanceof sdk.SdkError ? 'older' : 'none';
}

/** The reason why a server cannot be used that speaks other revisions than we do, as the end of a sentence. */
export function otherRevisions(error: unknown, sdk: Sdk): string | undefined {
  if (!(error instanceof sdk.ProtocolError) || error.code !== unsupportedRevision) return undefined;
  const given = isObject(error.data) ? error.data.supported : undefined;
  const supported = Array.isArray(given) ? given.filter((version) => typeof version === 'string') : [];
  if (supported.length === 0) return undefined;
  const names = sentence(supported.join(', '));
  return `speaks only these revisions of MCP: ${names}. Revisions up to ${newestRevision} are supported`;
}

/**
 * The reason why a call was refused before it was run: the server does not know the session, as after a restart.
 * @param inSession whether the call named a session. Without one, 404 may also be an answer of the tool.
 */
export function forgottenSession(error: unknown, inSession: boolean, sdk: Sdk): string | undefined {
  if (!(error instanceof sdk.SdkHttpError)) return undefined;
  const { status, data } = error;
  const said = isObject(data) && typeof data.text === 'string' ? data.text : error.message;
  const named = /session|not initialized/i.test(said);
  const forgotten = (status === 404 && (inSession || named)) || (status === 400 && named);
  return forgotten ? `has forgotten the session (HTTP ${status})` : undefined;
}

/** The error for the model when a call failed. */
export function callFailure(error: unknown, server: string, sdk: Sdk): ToolError {
  if (error instanceof ToolError) return error;
  if (error instanceof sdk.ProtocolError) return new ToolError('mcp.refused', messageOf(error));
  if (error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.InvalidResult) {
    return new ToolError('mcp.invalid', `The server ${server} returned an invalid tool result.`);
  }
  if (error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout) {
    return new ToolError('mcp.timeout', `The server ${server} did not answer in time.`);
  }
  if (error instanceof sdk.SdkHttpError) return httpFailure(error.status, httpWords(error), server);
  if (error instanceof sdk.SdkError) {
    const unsupported = unsupportedResult(error, sdk);
    if (unsupported !== undefined) return new ToolError('mcp.invalid', `The server ${server} ${unsupported}`);
  }
  return new ToolError(
    'mcp.lost',
    `The connection to the server ${server} was lost during the call; it is not known whether the tool did its work.`,
  );
}

function httpFailure(status: number, words: string | undefined, server: string): ToolError {
  const said = `The server ${server} ${answered(status, words)}`.replace(/\.$/, '');
  if (status === 401 || status === 403) {
    return new ToolError('mcp.refused', `${said}. It refuses access: check "headers".`);
  }
  const passing = status === 408 || status === 429 || (status >= 500 && words === undefined);
  return new ToolError('mcp.lost', passing ? `${said}. Try again in a moment.` : `${said}.`);
}

function answered(status: number, words: string | undefined): string {
  return `answered with HTTP ${status}${words === undefined ? '' : `: ${words}`}`;
}

/** What the server said in its response. */
function httpWords(error: unknown): string | undefined {
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  const words = isObject(data) && typeof data.text === 'string' ? bodyWords(data.text) : undefined;
  return words === undefined ? undefined : sentence(words);
}

/** What is not supported about a result of the newest revision, as the end of a sentence. */
function unsupportedResult({ code, data }: { code: string; data?: unknown }, sdk: Sdk): string | undefined {
  switch (code) {
    case sdk.SdkErrorCode.CapabilityNotSupported:
    case sdk.SdkErrorCode.InputRequiredRoundsExceeded:
      return 'asks for input, which is not supported.';
    case sdk.SdkErrorCode.UnsupportedResultType: {
      const type = isObject(data) ? String(data.resultType).slice(0, 40) : 'unknown';
      return `returned a result of type ${JSON.stringify(type)}, which is not supported.`;
    }
    default:
      return undefined;
  }
}

/** Whether a failed ping means that the connection is lost; a slow server is only slow. */
export function meansLost(error: unknown, sdk: Sdk): boolean {
  if (error instanceof sdk.ProtocolError) return false;
  return !(error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout);
}

/** The reason why an established connection was lost. */
export function whyLost(error: unknown, transport: Transport, sdk: Sdk): string {
  if (transport instanceof StdioTransport)
    return `ended (${transport.ending ?? 'reason unknown'})${lastOutput(transport)}`;
  if (error instanceof sdk.SdkHttpError) return `has forgotten the session (HTTP ${error.status})`;
  return unreachable(error);
}

function lastOutput({ lastErrorLine: line, foreignLine }: StdioTransport): string {
  if (foreignLine !== undefined) return `; it wrote a line that is not MCP: ${JSON.stringify(foreignLine)}`;
  return line === undefined ? '' : `; its last error output: ${JSON.stringify(line.slice(-300))}`;
}

function notStarted(code: string, command: string): string {
  const windows =
    process.platform === 'win32' ? ' On Windows, write "cmd" with the arguments "/c" and the rest.' : '';
  switch (code) {
    case 'ENOENT':
      return `cannot be started: there is no program ${JSON.stringify(command)}. Check "command" and PATH.${windows}`;
    case 'EACCES':
      return `cannot be started: no permission to run ${JSON.stringify(command)}. Check its permissions.`;
    case 'ENOTDIR':
      return 'cannot be started: its "cwd" is not a directory.';
    default:
      return `cannot be started: ${JSON.stringify(command)} fails with ${code}.${windows}`;
  }
}

function refused(status: number, words: string | undefined): string {
  switch (status) {
    case 401:
    case 403:
      return `refused us (HTTP ${status}); check "headers"`;
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return `is at another address (HTTP ${status}), where its headers are not sent; check "url"`;
    case 404:
    case 405:
      return `does not offer MCP at this address (HTTP ${status}); check "url"`;
    default:
      return answered(status, words);
  }
}

function unreachable(error: unknown): string {
  const failure = causesOf(error).find(isOurs);
  if (failure !== undefined) return `cannot be reached: ${sentence(failure.message)}`;
  const cause = causesOf(error).at(-1);
  const code = codeOf(cause);
  switch (code) {
    case 'ECONNREFUSED':
      return 'cannot be reached: nothing listens at this address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'cannot be reached: its host name is unknown';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'cannot be reached: it closed the connection';
    default:
      return `cannot be reached: ${code ?? messageOf(cause)}`;
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error || error.code === 'ENOTDIR'))
    return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return sentence(plainWords(error));
}

/** The message of an error, with lists of what is wrong in some data written as words. */
export function plainWords(error: unknown): string {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status === 'number') {
    const words = httpWords(error);
    return `HTTP ${status}${words === undefined ? '' : `: ${words}`}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  const start = message.search(/\[\s*\{/);
  if (start < 0) return message;
  try {
    const issues: unknown = JSON.parse(message.slice(start));
    const words = (Array.isArray(issues) ? issues : []).filter(isObject).map(({ path, message: problem }) => {
      const where = Array.isArray(path) && path.length > 0 ? `${path.join('.')}: ` : '';
      return `${where}${String(problem)}`;
    });
    return `${message.slice(0, start)}${words.slice(0, 3).join('; ')}`;
  } catch {
    return message;
  }
}

/** An error and what caused it: `fetch` and the client hide the reason behind others. The last is the reason. */
function causesOf(error: unknown): readonly unknown[] {
  const causes = [error];
  for (let cause = error; causes.length < 6 && cause instanceof Error && cause.cause !== undefined; ) {
    cause = cause.cause;
    causes.push(cause);
  }
  return causes;
}

/** Errors whose message says all that the user needs to know. */
function isOurs(error: unknown): error is Error {
  return error instanceof ProxyFailure || error instanceof VoxtermError;
}

function sentence(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 300 ? `${flat.slice(0, 300)}…` : flat;
}
