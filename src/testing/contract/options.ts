import type { Frame } from '../../contract/frame.js';
import type { ConnectionSettings } from '../../providers/provider.js';
import type { RecordedSession } from './recorded-session.js';
import type { TestRunner } from './runner.js';

export interface ProviderContractOptions extends TestRunner {
  /** Settings that connect. Default: the provider's default model, and an invented key in each of its variables. */
  readonly connection?: Partial<ConnectionSettings> | undefined;
  /**
   * What a server says, with the events that the codec must make of it. Without them only the checks that do not need
   * frames of the dialect run; record at least one session per feature.
   */
  readonly sessions?: readonly RecordedSession[] | undefined;
  /** A frame that the dialect might add tomorrow. Default: the first recorded frame with an unknown name. */
  readonly unknownFrame?: Frame | undefined;
  /** How a frame that we send is read; throws when it cannot be. Default: as the JSON of an object. */
  readonly readFrame?: ((frame: Frame) => unknown) | undefined;
  /** Seed of the random frames; a failure names it. Default 1. */
  readonly seed?: number | undefined;
  /** How many random frames. Default 2000. */
  readonly runs?: number | undefined;
}
