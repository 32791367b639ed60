import { Chalk, type ChalkInstance } from 'chalk';

/** Colours by name; all of them leave the text alone where colour is off. */
export type Styles = ChalkInstance;

/** The sixteen colours every theme defines, or none. Whether to colour was decided with the settings, per stream. */
export function styles(enabled: boolean): Styles {
  return new Chalk({ level: enabled ? 1 : 0 });
}
