import { onTestFinished } from 'vitest';
import { Relay } from './relay.js';

/** A relay that lasts as long as the test. */
export async function openRelay(target: string): Promise<Relay> {
  const relay = await Relay.to(target);
  onTestFinished(() => relay.close());
  return relay;
}
