const prefix = 'id:';

/** The id of a voice of one's own (`id:voice_123`); undefined for a voice that has a name. */
export function customVoiceId(voice: string | undefined): string | undefined {
  return voice?.startsWith(prefix) ? voice.slice(prefix.length) : undefined;
}
