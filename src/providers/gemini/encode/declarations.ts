import type { JsonObject } from '../../../base/json.js';
import type { SessionSettings, ToolSpec } from '../../../contract/settings.js';
import type { ModelFacts } from '../models.js';
import { knownJsonSchema, needsJsonSchema } from './json-schema.js';
import { openApiSchema } from './openapi-schema.js';

/** The tools of the setup: our functions and Google Search. */
export function toolList(settings: SessionSettings, facts: ModelFacts): JsonObject[] {
  const functions = offeredTools(settings).map((tool) => declaration(tool, facts));
  return [
    ...(functions.length > 0 ? [{ functionDeclarations: functions }] : []),
    ...(searches(settings, facts) ? [{ googleSearch: {} }] : []),
  ];
}

/** There is no setting for the tool choice, so tools that must not be called are not offered. */
export function offeredTools({ tools = [], toolChoice }: SessionSettings): readonly ToolSpec[] {
  if (toolChoice === 'none') return [];
  return typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
}

/** Whether to offer Google Search. If a session cannot have both, the user's functions take precedence. */
export function searches(settings: SessionSettings, facts: ModelFacts): boolean {
  const asked = settings.serverTools?.some(({ type }) => type === 'web_search') ?? false;
  return asked && (facts.searchBesideTools || offeredTools(settings).length === 0);
}

/** Whether the model does not wait for the tool's result. */
export function runsBeside({ blocking }: ToolSpec, { asyncTools }: ModelFacts): boolean {
  return asyncTools === 'always' || (asyncTools !== 'never' && blocking === false);
}

/** The name of a tool on the wire, where it must begin with a letter or `_`. */
export function functionName(tool: string): string {
  return /^[A-Za-z_]/.test(tool) ? tool : `_${tool}`;
}

function declaration(tool: ToolSpec, facts: ModelFacts): JsonObject {
  const { name, description, parameters } = tool;
  const behavior = behaviorOf(tool, facts);
  return {
    name: functionName(name),
    description,
    ...parametersOf(parameters, facts),
    ...(behavior && { behavior }),
  };
}

/** Set only if the model knows it and its default differs. */
function behaviorOf(tool: ToolSpec, facts: ModelFacts): string | undefined {
  if (runsBeside(tool, facts)) return 'NON_BLOCKING';
  return facts.asyncTools === 'byDefault' ? 'BLOCKING' : undefined;
}

function parametersOf(parameters: JsonObject, { mapParameters }: ModelFacts): JsonObject {
  if (mapParameters === 'jsonSchema' && needsJsonSchema(parameters)) {
    return { parametersJsonSchema: knownJsonSchema(parameters) };
  }
  const schema = openApiSchema(parameters);
  // An object schema without properties is refused; a function without parameters is not.
  const { properties } = schema;
  const empty = properties === undefined || Object.keys(Object(properties)).length === 0;
  return empty ? {} : { parameters: schema };
}
