import { oneLine } from './clean-text.js';
import { truncate } from './wrap.js';

/** Names of tools, agents and models are shorter; servers and models can make up longer ones. */
const nameColumns = 64;

/** A name of others, cleaned and cut to what fits beside other words. */
export function shortName(name: string): string {
  return truncate(oneLine(name.slice(0, 100 * nameColumns)), nameColumns);
}
