import { describe, expect, it } from 'vitest';
import { sniff } from '../../../src/audio/files/sniff.js';

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

describe('sniff', () => {
  it.each([
    ['wav', bytes('RIFF\x24\0\0\0WAVEfmt ')],
    ['wav', bytes('RF64\xff\xff\xff\xffWAVEds64')],
    ['wav', bytes('BW64\xff\xff\xff\xffWAVEds64')],
    ['mp3', bytes('ID3\x04\0\0\0\0\0')],
    ['mp3', Buffer.of(0xff, 0xfb, 0x90, 0x64)],
    ['aac', Buffer.of(0xff, 0xf1, 0x50, 0x80)],
    ['flac', bytes('fLaC\0\0\0\x22')],
    ['opus', bytes(`OggS${'\0'.repeat(24)}OpusHead`)],
    ['vorbis', bytes(`OggS${'\0'.repeat(24)}\x01vorbis`)],
    ['ogg', bytes(`OggS${'\0'.repeat(24)}\x7fFLAC`)],
    ['m4a', bytes('\0\0\0\x1cftypM4A ')],
    ['webm', Buffer.of(0x1a, 0x45, 0xdf, 0xa3)],
    ['aiff', bytes('FORM\0\0\0\0AIFF')],
    ['caf', bytes('caff\0\x01')],
    ['amr', bytes('#!AMR\n')],
    ['wma', Buffer.from('3026b2758e66cf11', 'hex')],
    ['wav', bytes('RIFX\0\0\0\x24WAVEfmt ')],
    ['avi', bytes('RIFF\x24\0\0\0AVI LIST')],
    ['au', bytes('.snd\0\0\0\x18')],
    ['w64', Buffer.from('726966662e91cf11a5d628db04c10000', 'hex')],
    ['voc', bytes('Creative Voice File\x1a')],
    ['wavpack', bytes('wvpk')],
    ['tta', bytes('TTA1')],
    ['flv', bytes('FLV\x01')],
    ['mpegts', bytes(`G${'\xff'.repeat(187)}`.repeat(3))],
    ['loas', Buffer.of(0x56, 0xe0, 0x30)],
    ['m4a', bytes('\0\0\0\x08wide\0\0\0\0mdat')],
  ])('recognises %s', (format, head) => {
    expect(sniff(head)).toEqual({ format });
  });

  it.each([
    ['text', bytes('{"not": "audio"}'), 'it is text'],
    ['RIFF of another kind', bytes('RIFF\x24\0\0\0ACONanih'), /no supported audio format/],
    ['UTF-16 text', Buffer.from('\ufeffhello', 'utf16le'), /^it is text$/],
    [
      'the same two bytes before samples',
      Buffer.from('fffe0180faff0302', 'hex'),
      /no supported audio format/,
    ],
    ['a web page', bytes('\n<!DOCTYPE html><html>'), /^it is a web page$/],
    ['a pointer of Git LFS', bytes('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    ['a ZIP archive', bytes('PK\x03\x04'), /^it is a ZIP archive/],
    ['MIDI', bytes('MThd\0\0\0\x06'), /^it is MIDI/],
    ['an MPEG header with reserved values', Buffer.of(0xff, 0xfb, 0xfc, 0x00), /no supported audio format/],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), /^it is a picture$/],
  ])('does not recognise %s as audio', (_, head, words) => {
    const found = sniff(head);
    expect('looksLike' in found && found.looksLike).toMatch(words);
  });
});
