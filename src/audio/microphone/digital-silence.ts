/** −90 dBFS: less than one step of 16 bits. No microphone is that quiet, only a switched-off or forbidden one. */
const thresholdRms = 10 ** (-90 / 20);
const patienceMs = 2000;

export interface SilenceNotice {
  readonly message: string;
  readonly hint: string;
}

/**
 * Notices that the microphone delivers nothing but zeros: operating systems do that, without any error, to programs
 * that may not listen. Tells once; a sound heard before shows that listening is allowed.
 */
export class DigitalSilence {
  private silentMs = 0;
  private settled = false;

  /** Level of what the device delivered, before any muting of ours. True once, after two seconds. */
  hear(rms: number, durationMs: number): boolean {
    if (this.settled) return false;
    if (rms >= thresholdRms) {
      this.settled = true;
      return false;
    }
    this.silentMs += durationMs;
    if (this.silentMs < patienceMs) return false;
    this.settled = true;
    return true;
  }

  /** We silence the microphone ourselves: what was gathered proves nothing. */
  interrupt(): void {
    this.silentMs = 0;
  }
}

/** What to tell the user, in the words of the operating system (`process.platform`). */
export function silenceNotice(platform: string): SilenceNotice {
  return {
    message: 'The microphone delivers digital silence: zeros, and nothing else.',
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
      return 'Check that the source is not muted and is the right one: pavucontrol › Input Devices, or "pactl set-source-mute @DEFAULT_SOURCE@ 0"; "voxterm devices" lists the others.';
  }
}
