import type { Voice } from '../core/stages.js';

/**
 * The speakable part of a written sentence: its words without Markdown, addresses and emoji. Those stay in the text
 * that is shown.
 */
export function speakableText(written: string): string {
  return (
    written
      .replaceAll(/```\w*|~~~\w*/g, ' ')
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/<https?:[^>]*>|https?:\/\/\S+/g, ' ')
      .replaceAll(/<\/?[a-z][^>]*>/gi, ' ')
      .replaceAll(/^\s*(?:#{1,6}\s+|>\s+|[-*+•]\s+|\d{1,3}[.)]\s+(?=\S))/gm, '')
      .replaceAll(/^\s*(?:[-*_]\s*){3,}$/gm, '')
      .replaceAll(/\*\*|__|~~|`+/g, '')
      .replaceAll(/(^|[\s(])[*_](?=\S)|(?<=\S)[*_](?=[\s).,;:!?]|$)/g, '$1')
      .replaceAll(/\s*\|\s*/g, ', ')
      .replaceAll(/\p{Extended_Pictographic}/gu, (mark) => (/[©®™]/.test(mark) ? mark : ''))
      // What is left of pictographs made of several: flags, skin tones, joiners, variation selectors, keycaps.
      .replaceAll(/[\u{1F1E6}-\u{1F1FF}]|[\u{1F3FB}-\u{1F3FF}]|\u200D|\uFE0F|\u20E3/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

/** A voice that gets only text that can be pronounced. */
export function speakableOnly(voice: Voice): Voice {
  return {
    async *speak(sentence, options) {
      const text = speakableText(sentence);
      if (/[\p{L}\p{N}]/u.test(text)) yield* voice.speak(text, options);
    },
  };
}
