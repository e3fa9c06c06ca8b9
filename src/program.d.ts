// The text of the program, which the build bundles from main.ts first.

declare module 'lr-s3-input/program' {
  const program: string
  export default program
}
