package cmd

import (
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// manualPages are made of the commands' own help by TestManualPages -update, and held to it by that test. What makes them is
// not in the program, since every start of it, of whatever command, would pay for that.
//
//go:embed manual/*.1
var manualPages embed.FS

// What stands in the title of an embedded page until it is printed.
const (
	manualMonth   = `"MONTH"`
	manualVersion = `"jwtleak VERSION"`
)

func newManCommand() *cobra.Command {
	var directory string
	command := &cobra.Command{
		Use:   "man",
		Short: "Print the manual page, or write one a command into a directory",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			dated, err := manualDate()
			if err != nil {
				return err
			}
			if directory == "" {
				return printManual("jwtleak.1", dated, command.OutOrStdout())
			}
			if err := writeManuals(dated, directory); err != nil {
				return fmt.Errorf("write manual pages: %w", err)
			}
			return nil
		},
	}
	command.Flags().StringVar(&directory, "output-dir", "", "write a page for each command into this `DIRECTORY`, which is made where there is none")
	refuseEmpty(command.Flags())
	return command
}

// manualDate returns what a page is dated: now, or what SOURCE_DATE_EPOCH has, in seconds since 1970, as builds that are to
// give the same bytes everywhere have it.
func manualDate() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %q is no number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

func printManual(page string, dated time.Time, out io.Writer) error {
	text, err := manualPages.ReadFile("manual/" + page)
	if err != nil {
		return fmt.Errorf("manual page: %w", err)
	}
	filled := strings.Replace(string(text), manualMonth, dated.Format(`"Jan 2006"`), 1)
	_, err = io.WriteString(out, strings.Replace(filled, manualVersion, `"jwtleak `+toolVersion()+`"`, 1))
	return err
}

func writeManuals(dated time.Time, directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil { //nolint:gosec // pages are for everyone
		return err
	}
	pages, err := manualPages.ReadDir("manual")
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := writeManual(page.Name(), dated, directory); err != nil {
			return err
		}
	}
	return nil
}

func writeManual(page string, dated time.Time, directory string) error {
	file, err := os.Create(filepath.Join(directory, page)) //nolint:gosec // where the user wants it
	if err != nil {
		return err
	}
	if err := printManual(page, dated, file); err != nil {
		_ = file.Close() // what went wrong first is told
		return err
	}
	return file.Close()
}
