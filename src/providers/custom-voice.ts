const prefix = 'id:';

/** The id of a custom voice (`id:voice_123`); undefined for a voice that is chosen by name. */
export function customVoiceId(voice: string | undefined): string | undefined {
  return voice?.startsWith(prefix) ? voice.slice(prefix.length) : undefined;
}
