import { expect, it } from 'vitest';
import { everyMember } from '../../src/contract/every-member.js';
import { settingNames } from '../../src/contract/settings.js';

type Word = 'one' | 'two';

it('lists the members of a union in the given order', () => {
  expect(everyMember<Word>()(['two', 'one'])).toEqual(['two', 'one']);
  expect(new Set(settingNames).size).toBe(settingNames.length);
});

it('does not compile where a member is missing or unknown', () => {
  // @ts-expect-error "two" is missing
  everyMember<Word>()(['one']);
  // @ts-expect-error "three" is not a member
  everyMember<Word>()(['one', 'two', 'three']);
});
