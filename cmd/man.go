package cmd

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newManCommand() *cobra.Command {
	var directory string
	command := &cobra.Command{
		Use:   "man",
		Short: "Print the manual page, or write one a command into a directory",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			root := command.Root()
			root.DisableAutoGenTag = true
			header := &doc.GenManHeader{Title: "JWTLEAK", Section: "1", Source: "jwtleak " + toolVersion(), Manual: "jwtleak"}
			if directory == "" {
				return doc.GenMan(root, header, command.OutOrStdout())
			}
			err := os.MkdirAll(directory, 0o755) //nolint:gosec // pages are for everyone
			if err == nil {
				err = doc.GenManTree(root, header, directory)
			}
			if err != nil {
				return fmt.Errorf("write manual pages: %w", err)
			}
			return nil
		},
	}
	command.Flags().StringVar(&directory, "output-dir", "", "write a page for each command into this `DIRECTORY`, which is made where there is none")
	refuseEmpty(command.Flags())
	return command
}
