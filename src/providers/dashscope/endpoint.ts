import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';
import { dashscopeEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import type { ConnectionSettings, Endpoint } from '../provider.js';
import { byRegion } from './errors.js';
import { familyOf } from './families.js';
import { type Region, regionNames, regions } from './regions.js';

const path = '/api-ws/v1/realtime';

/**
 * @throws VoxtermError exit 3 for a missing key, an unknown region, or a model that needs a workspace if none is set.
 */
export function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, url: given } = settings;
  const key = headerValue(dashscopeEntry.keyVariables, env);
  // A self-hosted server may not need a key.
  if (key === undefined && given === undefined) throw missingKey(settings);
  const url = realtimeAddress(given === undefined ? ownAddress(settings) : completed(given), settings);
  return { url, headers: key === undefined ? {} : { Authorization: `Bearer ${key}` } };
}

/** @throws VoxtermError exit 3 for an unknown region. */
function regionOf({ options }: ConnectionSettings): Region {
  const asked = options?.region ?? regionNames[0];
  const name = regionNames.find((known) => known === asked);
  if (name !== undefined) return regions[name];
  throw refused('region.unknown', `DashScope has no region "${asked}".`, {
    hint: `Set "region" to ${regionNames.join(' or ')}.`,
    facts: byRegion,
  });
}

function ownAddress(settings: ConnectionSettings): string {
  const region = regionOf(settings);
  const workspace = settings.options?.workspace ?? workspaceVariable(settings);
  if (workspace !== undefined) return `wss://${hostLabel(workspace)}.${region.workspaceHost}${path}`;
  if (familyOf(settings.model).needsWorkspace) {
    throw refused('workspace.missing', `${settings.model} is only available on the host of your workspace.`, {
      hint:
        'Set "workspace" (or DASHSCOPE_WORKSPACE_ID) to the id of your workspace, which the console ' +
        `(${region.console}) shows, or choose the model ${dashscopeEntry.defaultModel}.`,
      facts: {
        provider: dashscopeEntry.id,
        variables: ['DASHSCOPE_WORKSPACE_ID'],
        options: ['providerOptions.workspace', 'model'],
      },
    });
  }
  return `wss://${region.host}${path}`;
}

function workspaceVariable({ env }: ConnectionSettings): string | undefined {
  return env.DASHSCOPE_WORKSPACE_ID === '' ? undefined : env.DASHSCOPE_WORKSPACE_ID;
}

/** Checked, because it becomes part of the host that the key is sent to. */
function hostLabel(workspace: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(workspace)) return workspace;
  throw refused(
    'workspace.malformed',
    'The id of the DashScope workspace must consist of letters, digits and hyphens.',
    {
      hint: 'Copy it again from the console; it looks like llm-1a2b3c4d5e6f.',
    },
  );
}

/** Completes a bare host with the path of this service, which differs from OpenAI's. */
function completed(given: string): string {
  if (!URL.canParse(given)) return given;
  const url = new URL(given);
  if (url.pathname === '/' || url.pathname === '') url.pathname = path;
  return url.href;
}

function missingKey(settings: ConnectionSettings): VoxtermError {
  const [variable] = dashscopeEntry.keyVariables;
  const { name, console: page } = regionOf(settings);
  const elsewhere = regionNames
    .filter((other) => other !== name)
    .map((other) => `one from ${regions[other].console} needs "region": "${other}"`);
  return refused('credentials.missing', `DashScope needs a key, and ${variable} is not set.`, {
    hint: `Get one at ${page} and set ${variable}; ${elsewhere.join(', ')}.`,
    facts: {
      provider: dashscopeEntry.id,
      variables: dashscopeEntry.keyVariables,
      options: ['providerOptions.region', 'provider'],
    },
  });
}

function refused(code: string, message: string, advice: { hint: string; facts?: Facts }): VoxtermError {
  return new VoxtermError(message, { code, exitCode: ExitCode.configuration, ...advice });
}
