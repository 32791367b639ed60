import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/tools/mcp/line-splitter.js';

describe('lines', () => {
  function read(chunks: readonly string[], longest?: number) {
    const lines: string[] = [];
    let tooLong = 0;
    const reader = new LineSplitter(
      (line) => lines.push(line),
      () => {
        tooLong += 1;
      },
      longest,
    );
    for (const chunk of chunks) reader.push(Buffer.from(chunk, 'latin1'));
    return { lines, tooLong };
  }

  it('are assembled from any pieces, even within multi-byte characters', () => {
    const bytes = Buffer.from('é\r\n\nlast\nrest').toString('latin1');
    expect(read([...bytes]).lines).toEqual(['é', '', 'last']);
    expect(read([bytes]).lines).toEqual(['é', '', 'last']);
  });

  it('that are too long are dropped and reported once, without affecting the next', () => {
    expect(read(['ab', 'cde', 'fgh', 'i\nok\n'], 4)).toEqual({ lines: ['ok'], tooLong: 1 });
    expect(read(['abcdefgh\nok\nabcdefgh\n'], 4)).toEqual({ lines: ['ok'], tooLong: 2 });
  });
});
