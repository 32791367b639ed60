import { describe, expect, it } from 'vitest';
import { fromChannels, toChannels } from '../../../src/audio/samples/channels.js';

const pcm = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);

describe('channels', () => {
  it('repeats a sample on every channel', () => {
    expect(toChannels(pcm(1, -2), 2)).toEqual(pcm(1, 1, -2, -2));
    expect(toChannels(pcm(1, -2), 1)).toEqual(pcm(1, -2));
  });

  it('takes the mean of the channels, at full scale too', () => {
    expect(fromChannels(pcm(100, 300, -32_768, -32_768), 2)).toEqual(pcm(200, -32_768));
    expect(fromChannels(pcm(5, 6), 1)).toEqual(pcm(5, 6));
  });
});
