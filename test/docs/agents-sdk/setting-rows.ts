import type { KeyOf } from './keys.js';
import type { SettingRow } from './rows.js';

const tool = { name: 'get_time', description: 'The time', parameters: { type: 'object', properties: {} } };
const declared = { type: 'function', ...tool } as const;

type ModelSetting = Exclude<
  KeyOf<'modelSettings'>,
  | 'model_name'
  | 'input_audio_format'
  | 'output_audio_format'
  | 'handoffs'
  | 'audio'
  | 'input_audio_transcription'
  | 'turn_detection'
>;

export const modelSettings = {
  instructions: {
    ours: '`instructions`, of the agent or of the session',
    note: 'A text, a file, or a function; `{{name}}` is filled in.',
    asks: { instructions: 'Be brief.' },
    openai: { instructions: 'Be brief.' },
  },
  prompt: {
    ours: '`settings.prompt`: `{ id, version, variables }`',
    note: 'Variables are texts.',
    asks: { prompt: { id: 'pmpt_1', version: '2', variables: { city: 'Riga' } } },
    openai: { prompt: { id: 'pmpt_1', version: '2', variables: { city: 'Riga' } } },
  },
  modalities: {
    ours: '`settings.modality`: `"audio"` or `"text"`',
    note: 'Audio always comes with its text, so both together are `"audio"`.',
    asks: { modality: 'text' },
    openai: { output_modalities: ['text'] },
  },
  output_modalities: {
    ours: '`settings.modality`',
    asks: { modality: 'text' },
    openai: { output_modalities: ['text'] },
  },
  voice: {
    ours: '`voice`, of the agent or of the session',
    note:
      'A voice of your own by its id: `"id:voice_123"`. If a voice is fixed once it has spoken, the next agent keeps it, with a ' +
      'warning `voice.kept`; on a new connection the new voice counts.',
    asks: { voice: 'id:voice_123' },
    openai: { audio: { output: { voice: { id: 'voice_123' } } } },
  },
  speed: {
    ours: '`settings.speed`',
    asks: { speed: 1.2 },
    openai: { audio: { output: { speed: 1.2 } } },
  },
  input_audio_noise_reduction: {
    ours: '`settings.noiseReduction`: `"near"`, `"far"`, or `"off"` for null',
    asks: { noiseReduction: 'far' },
    openai: { audio: { input: { noise_reduction: { type: 'far_field' } } } },
  },
  tool_choice: {
    ours: '`settings.toolChoice`: `"auto"`, `"none"`, `"required"` or `{ name }`',
    asks: { toolChoice: { name: 'get_time' } },
    besides: { tools: [tool, { ...tool, name: 'get_weather' }] },
    openai: { tool_choice: { type: 'function', name: 'get_time' } },
  },
  tools: {
    ours: '`tools`, of the agent or of the session',
    note: 'Made with `defineTool`; parameters are zod or JSON Schema.',
    asks: { tools: [tool] },
    openai: { tools: [declared] },
  },
  tracing: {
    ours: '`settings.tracing`: `"auto"`, `{ workflowName, groupId, metadata }`, or `"off"` for null',
    note: 'The provider’s own traces. Without this key there are none, while the SDK asks for them.',
    asks: { tracing: 'auto' },
    openai: { tracing: 'auto' },
  },
  max_output_tokens: {
    ours: '`settings.maxOutputTokens`: a number or `"inf"`',
    asks: { maxOutputTokens: 512 },
    openai: { max_output_tokens: 512 },
  },
  parallel_tool_calls: {
    ours: '`settings.parallelToolCalls`',
    asks: { parallelToolCalls: false },
    openai: { parallel_tool_calls: false },
  },
  reasoning: {
    ours: '`settings.reasoningEffort`',
    note: 'OpenAI: only models that reason.',
    asks: { reasoningEffort: 'high' },
    openai: { reasoning: { effort: 'high' } },
  },
} satisfies Record<ModelSetting, SettingRow>;

const writer = { model: 'gpt-4o-mini-transcribe' };
const besides = { transcription: writer };

export const transcription = {
  language: {
    ours: '`language`, or `settings.transcription.language`',
    note: 'The language of the session is only a hint: there is a warning only if you set it for the transcription.',
    asks: { transcription: { ...writer, language: 'de' } },
    besides,
    openai: { audio: { input: { transcription: { ...writer, language: 'de' } } } },
  },
  model: {
    ours: '`settings.transcription.model`',
    note: 'On Azure the name of a deployment.',
    asks: { transcription: { model: 'whisper-1' } },
    openai: { audio: { input: { transcription: { model: 'whisper-1' } } } },
  },
  prompt: {
    ours: '`settings.transcription.prompt`',
    asks: { transcription: { ...writer, prompt: 'about ships' } },
    besides,
    openai: { audio: { input: { transcription: { ...writer, prompt: 'about ships' } } } },
  },
  languages: {
    ours: '`settings.transcription.languages`',
    note: 'OpenAI: `gpt-transcribe` and `gpt-live-transcribe` accept several; others get the first, with a warning.',
    asks: { transcription: { ...writer, languages: ['de', 'en'] } },
    besides,
    openai: { audio: { input: { transcription: { ...writer, language: 'de' } } } },
  },
  keywords: {
    ours: '`settings.transcription.keywords`',
    note: 'Models without a list of words get them in the prompt.',
    asks: { transcription: { ...writer, keywords: ['Ada', 'Riga'] } },
    besides,
    openai: { audio: { input: { transcription: { ...writer, prompt: 'Ada, Riga' } } } },
  },
  delay: {
    ours: '`settings.transcription.delay`',
    note: 'OpenAI: `gpt-realtime-whisper` and other models that transcribe while you speak.',
    asks: { transcription: { model: 'gpt-realtime-whisper', delay: 'low' } },
    besides: { transcription: { model: 'gpt-realtime-whisper' } },
    openai: { audio: { input: { transcription: { model: 'gpt-realtime-whisper', delay: 'low' } } } },
  },
} satisfies Record<KeyOf<'transcription'>, SettingRow>;

export const noiseReduction = {
  type: {
    ours: '`settings.noiseReduction`: `"near"` for `near_field`, `"far"` for `far_field`',
    asks: { noiseReduction: 'near' },
    openai: { audio: { input: { noise_reduction: { type: 'near_field' } } } },
  },
} satisfies Record<KeyOf<'noiseReduction'>, SettingRow>;

export const turnDetection = {
  type: {
    ours: '`settings.turnDetection.type`: `"server"`, `"semantic"`; and `"client"`, `"none"`',
    note: '`"client"` is voxterm’s own detector, `"none"` means manual turns: both work in voxterm, and no provider refuses them.',
    asks: { turnDetection: { type: 'semantic' } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'semantic_vad' } } } },
  },
  create_response: {
    ours: '`createResponse`',
    note: 'Call `session.respond()` to get the answer.',
    asks: { turnDetection: { type: 'server', createResponse: false } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } } },
  },
  eagerness: {
    ours: '`eagerness`',
    asks: { turnDetection: { type: 'semantic', eagerness: 'low' } },
    besides: { turnDetection: { type: 'semantic' } },
    openai: { audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } } },
  },
  interrupt_response: {
    ours: '`interruptResponse`',
    note: 'A turn spoken during an answer is answered after it.',
    asks: { turnDetection: { type: 'server', interruptResponse: false } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } } },
  },
  prefix_padding_ms: {
    ours: '`prefixPaddingMs`',
    asks: { turnDetection: { type: 'server', prefixPaddingMs: 250 } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', prefix_padding_ms: 250 } } } },
  },
  silence_duration_ms: {
    ours: '`silenceMs`',
    asks: { turnDetection: { type: 'server', silenceMs: 700 } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 700 } } } },
  },
  threshold: {
    ours: '`threshold`',
    note: 'Gemini has two levels: below and above 0.5.',
    asks: { turnDetection: { type: 'server', threshold: 0.7 } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', threshold: 0.7 } } } },
  },
  idle_timeout_ms: {
    ours: '`idleTimeoutMs`',
    asks: { turnDetection: { type: 'server', idleTimeoutMs: 6000 } },
    besides: { turnDetection: { type: 'server' } },
    openai: { audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 6000 } } } },
  },
} satisfies Record<KeyOf<'turnDetection'>, SettingRow>;

const traced = (name: 'workflow_name' | 'group_id' | 'metadata', value: unknown) => ({
  openai: { tracing: { [name]: value } },
});

export const tracing = {
  workflow_name: {
    ours: '`settings.tracing.workflowName`',
    asks: { tracing: { workflowName: 'Desk' } },
    ...traced('workflow_name', 'Desk'),
  },
  group_id: {
    ours: '`settings.tracing.groupId`',
    asks: { tracing: { groupId: 'talk-7' } },
    ...traced('group_id', 'talk-7'),
  },
  metadata: {
    ours: '`settings.tracing.metadata`',
    asks: { tracing: { metadata: { shift: 2 } } },
    ...traced('metadata', { shift: 2 }),
  },
} satisfies Record<KeyOf<'tracing'>, SettingRow>;
