import type { ImageRules } from '../../contract/profile.js';

/** A picture that can be sent without conversion. */
export interface Image {
  /** `image/jpeg`, `image/png` … */
  readonly mime: string;
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Why a picture cannot be sent without conversion; undefined if it can. */
export function objection(image: Image, rules: ImageRules): string | undefined {
  const { mime, data, width, height } = image;
  if (!rules.mimes.includes(mime))
    return `is ${typeName(mime)}, and the model takes ${typeNames(rules.mimes)}`;
  const { maxWidth, maxHeight, maxBytes } = rules;
  if (width > (maxWidth ?? width) || height > (maxHeight ?? height)) {
    return `has ${width} × ${height} pixels, and the model takes ${maxWidth ?? 'any'} × ${maxHeight ?? 'any'} at most`;
  }
  if (data.byteLength > (maxBytes ?? data.byteLength)) {
    return `has ${kilobytes(data.byteLength)}, and the model takes ${kilobytes(maxBytes ?? 0)} at most`;
  }
  return undefined;
}

/** The message to the user about a picture that was sent. */
export function describeImage({ mime, data, width, height }: Image): string {
  return `${typeName(mime)}, ${width} × ${height}, ${kilobytes(data.byteLength)}`;
}

/** `image/jpeg` → `JPEG`. */
function typeName(mime: string): string {
  return mime.replace(/^image\//, '').toUpperCase();
}

export function typeNames(mimes: readonly string[]): string {
  return mimes.map(typeName).join(' or ');
}

function kilobytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}
