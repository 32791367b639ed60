import type { JsonObject } from '../../../base/json.js';
import type { ServerTool, SessionSettings, ToolSpec } from '../../../contract/settings.js';
import type { Quirks, Switches } from '../switches.js';

/**
 * The tools of a session as they are declared. Our tools and server tools share one list on the wire, and every update
 * replaces all of it, so the unchanged half is remembered.
 */
export class ToolDeclarations {
  private tools: readonly ToolSpec[] = [];
  private serverTools: readonly ServerTool[] = [];

  constructor(
    private readonly switches: Switches,
    private readonly quirks: Quirks,
  ) {}

  /** The fields of an update that concern tools. Without a change, `tools` is left out. */
  fields({ tools, serverTools, toolChoice }: SessionSettings): JsonObject {
    const tool_choice = this.choice(toolChoice);
    if (tools === undefined && serverTools === undefined) return { tool_choice };
    this.tools = tools ?? this.tools;
    this.serverTools = serverTools ?? this.serverTools;
    const offered = this.serverTools.filter(({ type }) => this.switches.serverTools.includes(type));
    return {
      tools: [...this.tools.map((tool) => this.declared(tool)), ...offered.map((tool) => this.own(tool))],
      tool_choice,
    };
  }

  private declared(tool: ToolSpec): JsonObject {
    const { name, description, parameters } = tool;
    const body = { name, description, parameters };
    const nested = this.switches.toolNesting === 'nested';
    const written = nested ? { type: 'function', function: body } : { type: 'function', ...body };
    return this.quirks.tool?.(tool, written) ?? written;
  }

  private own(tool: ServerTool): JsonObject {
    const written = serverToolObject(tool);
    return this.quirks.serverTool?.(tool, written) ?? written;
  }

  private choice(choice: SessionSettings['toolChoice']): unknown {
    if (typeof choice !== 'object') return choice;
    const { name } = choice;
    const nested = this.switches.toolNesting === 'nested';
    return nested ? { type: 'function', function: { name } } : { type: 'function', name };
  }
}

function serverToolObject(tool: ServerTool): JsonObject {
  switch (tool.type) {
    case 'web_search':
    case 'x_search':
      return { type: tool.type };
    case 'file_search':
      return { type: tool.type, vector_store_ids: tool.storeIds };
    case 'mcp':
      return {
        type: tool.type,
        server_label: tool.label,
        server_url: tool.url,
        connector_id: tool.connectorId,
        authorization: tool.authorization,
        headers: tool.headers,
        allowed_tools: tool.allowedTools,
        require_approval: tool.requireApproval,
      };
  }
}
