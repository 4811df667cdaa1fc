// As much of WebAssembly as is in use. Its types come with a browser's, which this package does without.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    readonly exports: object
    constructor(module: Module, imports: object)
  }
}
