import { describe, expect, test } from 'vitest';
import { speakableText } from '../../../src/engines/speak/speakable-text.js';

describe('what is pronounced', () => {
  test.each([
    ['**Paris** is *lovely* 😀👍🏽!', 'Paris is lovely !'],
    ['# Weather\n- sunny\n- 3 * 4 is 12', 'Weather sunny 3 * 4 is 12'],
    ['1. First\n2) Second', 'First Second'],
    ['See [the map](https://example.org/x) or https://example.org.', 'See the map or'],
    ['Call `get_time` now.', 'Call get_time now.'],
    ['snake_case_name stays', 'snake_case_name stays'],
    ['```js\nlet a\n```', 'let a'],
    ['| a | b |', ', a, b,'],
    ['It is 5 < 6.', 'It is 5 < 6.'],
    ['© 2025 🇫🇷 1️⃣', '© 2025 1'],
  ])('%j → %j', (written, spoken) => {
    expect(speakableText(written)).toBe(spoken);
  });
});
