package cmd

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/jwtleak/jwtleak/report"
)

// A switchMode is on, off, or on where it makes sense.
type switchMode string

const (
	switchAuto switchMode = "auto"
	switchOn   switchMode = "on"
	switchOff  switchMode = "off"
)

func parseSwitch(flag, word string) (switchMode, error) {
	switch mode := switchMode(word); mode {
	case switchAuto, switchOn, switchOff:
		return mode, nil
	}
	return "", fmt.Errorf("%s %q is unknown: choose auto, on or off", flag, word)
}

// terminalWidth returns how many columns the terminal behind stream has, and whether there is one.
func terminalWidth(stream any) (int, bool) {
	file, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width < 20 {
		return 0, true
	}
	return width, true
}

// coloured says whether to colour what goes to stream: NO_COLOR and a dumb terminal are honoured.
func coloured(mode switchMode, stream io.Writer) bool {
	if mode != switchAuto {
		return mode == switchOn
	}
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	_, terminal := terminalWidth(stream)
	return terminal
}

// presentation returns how a report is shown on a stream.
func presentation(stream io.Writer, mode switchMode) report.Options {
	width, _ := terminalWidth(stream)
	return report.Options{Color: coloured(mode, stream), Width: width}
}
