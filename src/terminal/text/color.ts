import { Chalk, type ChalkInstance } from 'chalk';

/** Colours by name; they leave the text unchanged when colour is off. */
export type Styles = ChalkInstance;

/**
 * The sixteen colours that every theme defines, or none. Whether to use colour was decided with the settings, per
 * stream.
 */
export function styles(enabled: boolean): Styles {
  return new Chalk({ level: enabled ? 1 : 0 });
}
