/** AIFF with one channel of 16 bits, from PCM16 little-endian. */
export function aiff(pcm: Uint8Array, rateHz: number): Buffer {
  const comm = Buffer.alloc(26);
  comm.write('COMM');
  comm.writeUInt32BE(18, 4);
  comm.writeUInt16BE(1, 8);
  comm.writeUInt32BE(pcm.length / 2, 10);
  comm.writeUInt16BE(16, 14);
  // The rate as an 80-bit float.
  const exponent = Math.floor(Math.log2(rateHz));
  comm.writeUInt16BE(16_383 + exponent, 16);
  comm.writeUInt32BE(rateHz * 2 ** (31 - exponent), 18);
  const sound = Buffer.alloc(16 + pcm.length);
  sound.write('SSND');
  sound.writeUInt32BE(8 + pcm.length, 4);
  Buffer.from(pcm).swap16().copy(sound, 16);
  const body = Buffer.concat([Buffer.from('AIFF'), comm, sound]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.from('FORM'), size, body]);
}
