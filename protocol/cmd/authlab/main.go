// Authlab lets the playground's machines talk natively: over sockets with any
// mail program, in memory, or a mechanism alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(authlab(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are the standard ones.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// A command is one of authlab's.
type command struct {
	name  string
	about string // its synopsis, and what it does, in lines
	// flags declares the command's flags and returns what runs it.
	flags func(*flag.FlagSet) func(ctx context.Context, args []string, s streams) error
}

var commands = []command{serveCommand, connectCommand, runCommand, computeCommand, replayCommand, matrixCommand}

const about = `Usage: authlab COMMAND [FLAGS]

  serve    the server, on TCP
  connect  the client, against any server
  run      a session of both in memory
  compute  the client's half of a mechanism alone
  replay   recorded sessions, compared with what our machines say
  matrix   every server with every client, and what comes of it

authlab COMMAND -h tells of each. Bad input is one line on standard error and
exit status 2; what fails later is one line and 1.
`

// A badInput is the user's mistake: exit status 2.
type badInput struct{ error }

func bad(format string, args ...any) error { return badInput{fmt.Errorf(format, args...)} }

// authlab runs a command and returns the exit status.
func authlab(ctx context.Context, args []string, s streams) int {
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, args[1:], s)
			}
		}
		switch args[0] {
		case "-h", "-help", "--help", "help":
			io.WriteString(s.out, about)
			return 0
		}
		fmt.Fprintf(s.err, "authlab: there is no command %q; authlab -h lists them\n", args[0])
		return 2
	}
	fmt.Fprintln(s.err, "authlab: a command is missing; authlab -h lists them")
	return 2
}

func (c command) run(ctx context.Context, args []string, s streams) int {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // its own words take many lines
	out := &checked{Writer: s.out}
	s.out = out
	run := c.flags(fs)
	rest, err := parse(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.help(fs, s.out)
		err = nil
	case err != nil:
		err = badInput{err}
	default:
		err = run(ctx, rest, s)
	}
	if err == nil {
		err = out.failed()
	}
	if err == nil {
		return 0
	}
	fmt.Fprintf(s.err, "authlab %s: %s\n", c.name, inALine(err))
	if errors.As(err, &badInput{}) {
		return 2
	}
	return 1
}

// checked is an output that remembers whether it failed.
type checked struct {
	io.Writer
	mu  sync.Mutex
	err error // the first
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	return n, err
}

func (c *checked) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// inALine is what an error says in one line that a terminal may show: names of
// files, set-ups and peers put words of theirs into it.
func inALine(err error) string { return visible(strings.ReplaceAll(err.Error(), "\n", " ")) }

// parse takes flags before and behind what is no flag.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil || fs.NArg() == 0 {
			return rest, err
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

func (c command) help(fs *flag.FlagSet, out io.Writer) {
	fmt.Fprintf(out, "Usage: authlab %s %s", c.name, strings.TrimLeft(c.about, "\n"))
	fs.SetOutput(out)
	fs.VisitAll(func(*flag.Flag) {
		if fs != nil {
			io.WriteString(out, "\nFlags:\n")
			fs.PrintDefaults()
			fs = nil
		}
	})
}

// none refuses arguments that are no flags.
func none(args []string) error {
	if len(args) > 0 {
		return bad("%q is no flag", args[0])
	}
	return nil
}
