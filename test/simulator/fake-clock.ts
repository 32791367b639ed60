import { FakeClock as Clock } from '../../src/testing/fake-clock.js';

export { settle } from '../../src/testing/fake-clock.js';

/** The clock of the simulator's tests. It begins at the same moment in each, or so much later. */
export class FakeClock extends Clock {
  constructor(aheadMs = 0) {
    super(1_800_000_000_000 + aheadMs);
  }
}
