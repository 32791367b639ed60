import {
  Client,
  ProtocolError,
  parseJSONRPCMessage,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';

/**
 * Everything we use of the official client. After compiling, this one file is bundled with everything it needs
 * (scripts/bundle-mcp.js), so that an installation does not carry the package. Import it lazily.
 */
export const sdk = {
  Client,
  parseJSONRPCMessage,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
};

export type Sdk = typeof sdk;
export type {
  Client,
  JSONRPCMessage,
  Transport,
  VersionNegotiationOptions as VersionNegotiation,
} from '@modelcontextprotocol/client';
