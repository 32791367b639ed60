/** Builds WAV files byte by byte, valid and invalid ones. */
export interface WavParts {
  readonly container?: 'RIFF' | 'RF64' | 'BW64';
  readonly riffSize?: number;
  readonly codec?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  /** Replaces the true size in the data chunk. */
  readonly dataSize?: number;
  /** Wrap the codec into WAVE_FORMAT_EXTENSIBLE. */
  readonly extensible?: boolean;
  readonly beforeFormat?: readonly Uint8Array[];
  readonly beforeData?: readonly Uint8Array[];
  readonly afterData?: readonly Uint8Array[];
}

export function wav(data: Uint8Array, parts: WavParts = {}): Buffer {
  const { container = 'RIFF', beforeFormat = [], beforeData = [], afterData = [] } = parts;
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...beforeFormat,
    chunk('fmt ', format(parts)),
    ...beforeData,
    chunk('data', data, parts.dataSize),
    ...afterData,
  ]);
  return Buffer.concat([Buffer.from(container), u32(parts.riffSize ?? body.length), body]);
}

export function chunk(id: string, body: Uint8Array, size = body.length, padded = true): Buffer {
  const padding = padded && body.length % 2 === 1 ? [0] : [];
  return Buffer.concat([Buffer.from(id), u32(size), body, Buffer.from(padding)]);
}

/** The 64-bit sizes of RF64: container, data, samples. */
export function ds64(dataBytes: bigint): Buffer {
  const body = Buffer.alloc(28);
  body.writeBigUInt64LE(dataBytes + 72n, 0);
  body.writeBigUInt64LE(dataBytes, 8);
  return chunk('ds64', body);
}

export function pcm16(samples: readonly number[]): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(sample, i * 2);
  });
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function format({
  codec = 1,
  channels = 1,
  rateHz = 16_000,
  bits = 16,
  extensible = false,
}: WavParts): Buffer {
  const frameBytes = channels * Math.ceil(bits / 8);
  const body = Buffer.alloc(extensible ? 40 : 16);
  body.writeUInt16LE(extensible ? 0xfffe : codec, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rateHz, 4);
  body.writeUInt32LE((rateHz * frameBytes) % 2 ** 32, 8);
  body.writeUInt16LE(frameBytes % 65_536, 12);
  body.writeUInt16LE(bits, 14);
  if (extensible) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(bits, 18);
    body.writeUInt16LE(codec, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(body, 26);
  }
  return body;
}
