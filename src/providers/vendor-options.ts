import type { Engines } from '../engines/core/engine-config.js';
import type { CompatOptions } from './compatible/compat-options.js';
import type { SampleFormat } from './compatible/wire-choices.js';

/**
 * Settings that only some providers have, from their section of the configuration (`providers.<id>`). The catalog says
 * which options each provider has; the configuration refuses the others.
 */
export interface VendorOptions {
  /** A region, by the provider's name. */
  readonly region?: string | undefined;
  /** The workspace whose host is used. */
  readonly workspace?: string | undefined;
  /** The folder that owns the model and is billed. */
  readonly folder?: string | undefined;
  /** The resource whose host is used. */
  readonly resource?: string | undefined;
  /** A bot created at the provider that is used instead of the model. */
  readonly bot?: string | undefined;
  /** The language model behind a speech front end. */
  readonly customModel?: string | undefined;
  /** Use the provider's former dialect, for servers that still speak it. */
  readonly legacy?: boolean | undefined;
  /** The output rate the provider really delivers, in Hz, if what it declares is wrong. */
  readonly outputRateHz?: number | undefined;
  /** Sample format on the wire, if it can be chosen; G.711 is 8 kHz. Default: PCM16. */
  readonly inputFormat?: SampleFormat | undefined;
  readonly outputFormat?: SampleFormat | undefined;
  /** Headers in addition to the provider's own. `${NAME}` stands for an environment variable. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How a compatible server differs from OpenAI. */
  readonly compat?: CompatOptions | undefined;
  /** Servers that do recognition, language model and speech synthesis for the built-in provider. */
  readonly engines?: Engines | undefined;
}

export type VendorOptionName = keyof VendorOptions;
