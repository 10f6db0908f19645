package main

import (
	"context"
	"flag"

	"example.org/smtpauth/protocol/session"
)

var runCommand = command{name: "run", about: `
SETUP.json [-json]

Runs a session of both machines in memory, from a set-up as the page writes it:
its inputs first, then step by step to the end. Prints the conversation, "S: "
and "C: " before each line; -json prints frames instead, one JSON object a line.
The set-up's passwords are not masked.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	json := fs.Bool("json", false, "print frames")
	return func(_ context.Context, args []string, s streams) error {
		if len(args) != 1 {
			return bad("one file with a set-up is wanted, not %d", len(args))
		}
		setup, inputs, err := readSetup(args[0])
		if err != nil {
			return err
		}
		made, err := session.New(setup, inputs...)
		if err != nil {
			return badInput{err}
		}
		defer made.Close()
		made.Run()
		frames := &frameWriter{out: s.out}
		for _, f := range made.Frames() {
			switch {
			case *json:
				err = frames.write(f)
			case f.Side == session.Client && len(f.Octets) > 0:
				printLines(s.out, "C", f.Octets)
			case f.Side == session.Server && len(f.Octets) > 0:
				printLines(s.out, "S", f.Octets)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}}
