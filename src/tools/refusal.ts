import { ToolError } from './tool-error.js';

/** A call that is not to run: nobody allowed it, or a guardrail is against it. */
export class Refusal extends ToolError {
  constructor(
    code: string,
    message: string,
    /** The session must not go on. */
    readonly raise?: true,
  ) {
    super(code, message);
  }
}
