import { adviceOn } from '../../cli/advice.js';
import type { Settings } from '../../config/settings.js';
import { openTrace, type Trace } from '../../tracing/trace.js';

/**
 * Starts what `--trace` asks for, and spans for an OpenTelemetry SDK that is registered.
 * @throws VoxtermError exit 2 when the file cannot be written.
 */
export function startTrace(
  { trace: file }: Settings,
  warn: (message: string, hint?: string) => void,
): Promise<Trace> {
  return openTrace({ file, onFailure: (failure) => warn(failure.message, adviceOn(failure)) });
}
