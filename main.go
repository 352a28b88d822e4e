// Command jwtleak finds leaked JSON Web Tokens in git history, log files and directories, and says what each one opens.
package main

import (
	"os"

	"github.com/jwtleak/jwtleak/cmd"
)

func main() {
	os.Exit(cmd.Execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
