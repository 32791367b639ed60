import type { Engines } from '../engines/core/engine-config.js';
import type { CompatOptions } from './compatible/compat-options.js';
import type { SampleFormat } from './compatible/sample-format.js';

/**
 * Settings that only some providers have, from their section of the configuration (`providers.<id>`). The catalog says
 * which provider takes which; the configuration refuses the others.
 */
export interface VendorOptions {
  /** A region by the provider's name for it. */
  readonly region?: string | undefined;
  /** The workspace whose own host is used. */
  readonly workspace?: string | undefined;
  /** The folder that pays and owns the model. */
  readonly folder?: string | undefined;
  /** The resource whose own host is used. */
  readonly resource?: string | undefined;
  /** A bot made at the provider, which takes the place of the model. */
  readonly bot?: string | undefined;
  /** The language model behind a speech front. */
  readonly customModel?: string | undefined;
  /** The provider's former dialect, where servers still speak it. */
  readonly legacy?: boolean | undefined;
  /** The rate the provider really delivers, in Hz, where it cannot be believed. */
  readonly outputRateHz?: number | undefined;
  /** How sound is written on the wire, where it can be chosen; G.711 is 8 kHz. Default: PCM16. */
  readonly inputFormat?: SampleFormat | undefined;
  readonly outputFormat?: SampleFormat | undefined;
  /** Headers on top of the provider's own. `${NAME}` stands for a variable of the environment. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How a compatible server differs from OpenAI. */
  readonly compat?: CompatOptions | undefined;
  /** Servers that hear, think and speak for the built-in provider. */
  readonly engines?: Engines | undefined;
}

export type VendorOptionName = keyof VendorOptions;
