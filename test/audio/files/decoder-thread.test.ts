import { describe, expect, it, vi } from 'vitest';
import { DecoderThread } from '../../../src/audio/files/decoder-thread.js';

/** A package whose decoder does what `body` says with each piece. */
function packageThat(body: string): string {
  const code = `export default { odd: async () => async (bytes) => { ${body} } };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

describe('a decoder in its thread', () => {
  it('answers piece by piece', async () => {
    const thread = new DecoderThread(
      packageThat('return { channelData: [Float32Array.of(bytes ? bytes[0] : 0.5)], sampleRate: 8000 };'),
      'odd',
    );
    expect(await thread.decode(Uint8Array.of(7))).toMatchObject({ sampleRate: 8000 });
    expect((await thread.decode(null)).channelData).toEqual([Float32Array.of(0.5)]);
    thread.end();
    thread.end();
  });

  it('prints nothing on the terminal, and what it said is kept', async () => {
    const write = vi.spyOn(process.stderr, 'write');
    const print = vi.spyOn(process.stdout, 'write');
    const thread = new DecoderThread(
      packageThat(
        'console.error("odd-decoder: bad frame"); console.log("x"); return { channelData: [], sampleRate: 0 };',
      ),
      'odd',
    );
    await thread.decode(null);
    await vi.waitFor(() => expect(thread.complaint).toMatch(/^(odd-decoder: bad frame|x)$/));
    expect(write).not.toHaveBeenCalled();
    expect(print).not.toHaveBeenCalled();
    thread.end();
  });

  it.each([
    ['fails in its own words', 'throw new Error("no such profile");', /no such profile/],
    ['crashes', 'process.exit(3);', /ended without an answer/],
    ['throws later', 'setTimeout(() => { throw new Error("late"); }); return new Promise(() => {});', /late/],
    ['answers with something else', 'return { channelData: [[1, 2]], sampleRate: "x" };', /./],
  ])('%s', async (_, body, words) => {
    const thread = new DecoderThread(packageThat(body), 'odd');
    await expect(thread.decode(null)).rejects.toThrow(words);
    thread.end();
  });

  it('is ended while it hangs', async () => {
    const thread = new DecoderThread(packageThat('for (;;);'), 'odd');
    setTimeout(() => thread.end(), 100);
    await expect(thread.decode(null)).rejects.toThrow(/ended without an answer/);
  });
});
