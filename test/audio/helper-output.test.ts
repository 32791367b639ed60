import { describe, expect, it } from 'vitest';
import { HelperOutput } from '../../src/audio/helper-output.js';

describe('HelperOutput', () => {
  it('passes on what matters and drops what PortAudio and ALSA print every time', () => {
    const lines: string[] = [];
    const output = new HelperOutput((line) => lines.push(line));
    output.read('PortAudio V19.7.0-devel\nInput audio options: default device\nALSA lib pcm.c:2666:(snd_pcm');
    output.read(
      '_open_noupdate) Unknown PCM cards.pcm.rear\nsomething broke\n\nCannot connect to server socket\n',
    );
    expect(lines).toEqual(['something broke']);
    expect(output.last).toEqual(['something broke']);
  });

  it('keeps the last five lines, the unfinished one included', () => {
    const output = new HelperOutput();
    output.read('1\n2\n3\n4\n5\n6\nfat');
    expect(output.last).toEqual(['2', '3', '4', '5', '6', 'fat']);
  });
});
