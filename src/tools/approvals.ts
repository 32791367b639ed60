/** What was allowed and refused for a whole session, by tool. Shared by all that run tools in it. */
export class Approvals {
  private readonly answers = new Map<string, 'allowed' | { readonly message: string | undefined }>();

  /** `allowed`: names of tools whose calls need not be asked about. */
  constructor(allowed: Iterable<string> = []) {
    for (const name of allowed) this.answers.set(name, 'allowed');
  }

  allow(tool: string): void {
    this.answers.set(tool, 'allowed');
  }

  /** `message`: what the model is told of every call. */
  refuse(tool: string, message: string | undefined): void {
    this.answers.set(tool, { message });
  }

  of(tool: string): 'allowed' | { readonly message: string | undefined } | undefined {
    return this.answers.get(tool);
  }
}
