import type { SessionSettings, TurnDetection } from '../../conversation/settings.js';
import type { Switches } from './switches.js';

/**
 * Our settings as the session object of `session.update`. A patch: keys that are undefined are left out by
 * JSON and keep their value on the server.
 */
export function sessionObject(settings: SessionSettings, switches: Switches, withFormats: boolean) {
  return {
    type: 'realtime',
    instructions: settings.instructions,
    // Both at once is refused; sound always brings its transcript.
    output_modalities: settings.modality && [settings.modality],
    audio: audioObject(settings, switches, withFormats),
    tools: settings.tools?.map(({ name, description, parameters }) => {
      return { type: 'function', name, description, parameters };
    }),
    tool_choice: toolChoice(settings.toolChoice),
    max_output_tokens: settings.maxOutputTokens,
    reasoning: settings.reasoningEffort && { effort: settings.reasoningEffort },
  };
}

function audioObject(settings: SessionSettings, switches: Switches, withFormats: boolean) {
  const { transcription, noiseReduction, turnDetection, voice, speed } = settings;
  const format = (rate: number) => (withFormats ? { type: 'audio/pcm', rate } : undefined);
  const input = {
    format: format(switches.inputRateHz),
    noise_reduction: noiseReduction && noiseReductionObject(noiseReduction),
    transcription: transcription && {
      ...transcription,
      model: transcription.model ?? switches.transcriptionModel,
    },
    turn_detection: turnDetection && turnDetectionObject(turnDetection),
  };
  const output = { format: format(switches.outputRateHz), voice, speed };
  const said = (part: object) => Object.values(part).some((value) => value !== undefined);
  return said(input) || said(output)
    ? { input: said(input) ? input : undefined, output: said(output) ? output : undefined }
    : undefined;
}

function noiseReductionObject(mode: 'near' | 'far' | 'off') {
  return mode === 'off' ? null : { type: `${mode}_field` };
}

function turnDetectionObject(turns: TurnDetection) {
  // The defaults, said aloud: our profile promises that the server answers and interrupts by itself.
  const itself = { create_response: true, interrupt_response: true };
  switch (turns.type) {
    case 'none':
    case 'client':
      return null;
    case 'server':
      return {
        type: 'server_vad',
        threshold: turns.threshold,
        prefix_padding_ms: turns.prefixPaddingMs,
        silence_duration_ms: turns.silenceMs,
        idle_timeout_ms: turns.idleTimeoutMs,
        ...itself,
      };
    case 'semantic':
      return { type: 'semantic_vad', eagerness: turns.eagerness, ...itself };
  }
}

function toolChoice(choice: SessionSettings['toolChoice']) {
  return typeof choice === 'object' ? { type: 'function', name: choice.name } : choice;
}
