/** −90 dBFS: less than one step of 16 bits. No microphone is that quiet, only a switched-off or forbidden one. */
const thresholdRms = 10 ** (-90 / 20);
const silentForMs = 2000;

export interface SilenceNotice {
  readonly message: string;
  readonly hint: string;
}

/**
 * Notices that the microphone delivers nothing but zeros. Operating systems do that, without an error, to programs
 * without permission. Reports it once, and never after a sound was heard: then listening is allowed.
 */
export class DigitalSilence {
  private silentMs = 0;
  private settled = false;

  /** Takes the level of what the device delivered, before we mute it. True once, after two seconds of silence. */
  hear(rms: number, durationMs: number): boolean {
    if (this.settled) return false;
    if (rms >= thresholdRms) {
      this.settled = true;
      return false;
    }
    this.silentMs += durationMs;
    if (this.silentMs < silentForMs) return false;
    this.settled = true;
    return true;
  }

  /** We mute the microphone ourselves, so the silence so far proves nothing. */
  interrupt(): void {
    this.silentMs = 0;
  }
}

/** What to tell the user, in the words of the operating system (`process.platform`). */
export function silenceNotice(platform: string): SilenceNotice {
  return {
    message: 'The microphone delivers digital silence: only zeros.',
    hint: remedy(platform),
  };
}

function remedy(platform: string): string {
  switch (platform) {
    case 'darwin':
      return 'Allow your terminal in System Settings › Privacy & Security › Microphone, then restart the terminal.';
    case 'win32':
      return 'Switch on "Let desktop apps access your microphone" in Settings › Privacy & security › Microphone, and check that the device is not muted.';
    default:
      return 'Check that the source is not muted and is the right one: pavucontrol › Input Devices, or "pactl set-source-mute @DEFAULT_SOURCE@ 0".';
  }
}
