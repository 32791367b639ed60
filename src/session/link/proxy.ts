import type { Agent } from 'node:http';
import { type ProxyEnvironment, proxyAddress } from '../../network/proxy-address.js';

/** The agent that connects through a proxy. */
export interface ProxyWay {
  readonly agent: Agent;
  /** Host and port, for messages; never user and password. */
  readonly host: string;
}

/**
 * The way through the proxy that the environment names for this address. The module is loaded on demand.
 * @throws VoxtermError exit 3 for a proxy that cannot be used, such as SOCKS.
 */
export async function proxyFor(address: string, env: ProxyEnvironment): Promise<ProxyWay | undefined> {
  const target = new URL(address);
  const proxy = proxyAddress(target, env);
  if (proxy === undefined) return undefined;
  const { tunnelAgent } = await import('../../network/tunnel-agent.js');
  return { agent: tunnelAgent(proxy, target.protocol), host: proxy.host };
}
