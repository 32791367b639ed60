import type { Profile } from './profile.js';
import type { SessionSettings } from './settings.js';

/**
 * Who notices that the user's turn is over: the provider, our own detector, or the user by a key. Where the
 * provider detects no turns, our detector does unless the user wants to tap.
 */
export type TurnKeeper = 'provider' | 'client' | 'hand';

export function turnKeeper(
  { turns, clientTurns }: Profile,
  { turnDetection }: Pick<SessionSettings, 'turnDetection'>,
): TurnKeeper {
  switch (turnDetection?.type) {
    case 'none':
      return 'hand';
    case 'client':
      return 'client';
    case 'server':
    case 'semantic':
    case undefined:
      if (turns !== 'none') return 'provider';
      return clientTurns ? 'client' : 'hand';
  }
}
