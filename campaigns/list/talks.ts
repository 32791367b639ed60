import { profileVariants } from '../../test/conversation/support/profiles.js';
import { SimulatedTalk } from '../../test/conversation/support/simulated-talk.js';
import type { Campaign } from '../campaign.js';

const talksPerProfile = 2_000;
const shortTalksPerProfile = 40;

/** The property tests of test/conversation with more seeds. */
export const campaign: Campaign = {
  about:
    'simulated talks of every kind of server, on lines that hold and lines that break, leave no one waiting',
  async run({ short, seed, log }) {
    const failures: string[] = [];
    const count = short ? shortTalksPerProfile : talksPerProfile;
    let talks = 0;
    for (const [name, profile] of Object.entries(profileVariants)) {
      for (let index = 0; index < count; index++) {
        const own = seed * 1_000_003 + index;
        try {
          const talk = new SimulatedTalk(own, profile);
          if (index % 2 === 0) talk.play(10);
          else talk.playOnBrokenLine(10, 3);
          talk.checkSettled();
          talk.end();
        } catch (error) {
          failures.push(`${name}, seed ${own}: ${error instanceof Error ? error.message : String(error)}`);
        }
        talks++;
      }
      log(`${name}: ${count} talks`);
    }
    return { figures: { talks, violations: failures.length }, failures };
  },
};
