import { fileURLToPath } from 'node:url';
import { openAudio } from '../../src/audio/decode.js';
import { int16Of } from '../../src/audio/samples/pcm16.js';
import { findProvider } from '../../src/providers/registry.js';
import { Random } from '../../test/conversation/support/random.js';
import { type Cast, casts } from '../../test/e2e/dialect-casts.js';
import type { Campaign } from '../campaign.js';
import { type Cut, planCut } from '../cuts/plan.js';
import { type Outcome, playTalk } from '../cuts/talk.js';

const dialects = ['openai', 'gemini', 'xai', 'dashscope', 'volcengine'] as const;
const cutsPerDialect = 56;
/** So many talks at a time: each mostly waits. */
const atOnce = 8;

/** Connections that break at random moments: is the open question answered, once, or its loss told? */
export const campaign: Campaign = {
  about: 'a connection that is cut anywhere costs no question its answer, and none gets two',
  async run({ short, seed, log }) {
    const random = new Random(seed);
    const failures: string[] = [];
    const found = {
      lost: 0,
      silently: 0,
      twice: 0,
      stuck: 0,
      'cut answers': 0,
      'tools run twice': 0,
      'questions doubled': 0,
    };
    const talks: { name: string; cast: Cast; cut: Cut }[] = [];
    for (const name of short ? dialects.slice(0, 3) : dialects) {
      const cast = casts[name];
      const provider = await findProvider(cast.provider);
      const { typedText } = provider.profile(cast.model ?? provider.defaultModel);
      for (let index = 0; index < (short ? 4 : cutsPerDialect); index++)
        talks.push({ name, cast, cut: planCut(index, typedText, random) });
    }
    const judge = (name: string, cut: Cut, outcome: Outcome): void => {
      const { answers, complete, questions, toolRuns, warnings, stuck } = outcome;
      const where = `${name}, ${cut.question}, cut at ${cut.part.toFixed(2)} of the ${cut.phase}`;
      const fails = (what: string): void => {
        failures.push(`${where}: ${what}`);
        log(`${where}, down ${cut.downMs.toFixed(0)} ms: ${what}; ${JSON.stringify(outcome)}`);
      };
      if (answers === 1 && complete === 0) found['cut answers'] += 1;
      if (toolRuns > 1) found['tools run twice'] += 1;
      if (stuck !== undefined) {
        found.stuck += 1;
        fails(stuck);
      } else if (answers === 0) {
        found.lost += 1;
        if (warnings.length === 0) found.silently += 1;
        fails(`the question was lost${warnings.length === 0 ? ', and that was not told' : ''}`);
      } else if (answers > 1) {
        found.twice += 1;
        fails('the question was answered twice');
      } else if (questions !== 1) {
        found['questions doubled'] += 1;
        fails(`history has the question ${questions} times`);
      }
    };
    const waiting = [...talks];
    const play = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { name, cast, cut } = next;
        judge(name, cut, await playTalk(cast, cut, await question(cast)));
      }
    };
    await Promise.all(Array.from({ length: short ? talks.length : atOnce }, play));
    return { figures: { cuts: talks.length, ...found }, failures };
  },
};

async function question(cast: Cast): Promise<Int16Array> {
  const provider = await findProvider(cast.provider);
  const { inputRateHz: rateHz } = provider.profile(cast.model ?? provider.defaultModel);
  const file = fileURLToPath(new URL('../../test/fixtures/audio/question.wav', import.meta.url));
  const input = await openAudio(file, { rateHz, env: {} });
  const samples: number[] = [];
  for await (const frame of input.frames) samples.push(...int16Of(frame));
  return Int16Array.from(samples);
}
