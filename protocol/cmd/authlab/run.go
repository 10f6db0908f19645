package main

import (
	"context"
	"flag"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

var runCommand = command{name: "run", about: `
[-server ID] [-client ID] [-meeting ID] [-json] [SETUP.json]

Runs a session of both machines in memory, from a set-up as the page writes it:
its inputs first, then step by step to the end. Prints the conversation, "S: "
and "C: " before each line; -json prints frames instead, one JSON object a line.
The set-up's passwords are not masked.

With -server and -client either side behaves like a real one; without a set-up
they meet in the one that the page opens with. -meeting shows a story of two.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	json := fs.Bool("json", false, "print frames")
	host := fs.String("server", "", "the server behaves like the real one with this `ID`, or ID/VARIANT")
	peer := fs.String("client", "", "the client behaves like the real one with this `ID`")
	story := fs.String("meeting", "", "an act of the meeting with this `ID`, or ID/ACT")
	return func(_ context.Context, args []string, s streams) error {
		alike := *host != "" || *peer != ""
		if *story != "" && (alike || len(args) > 0) {
			return bad("-meeting wants nobody else")
		}
		if len(args) != 1 && *story == "" && !(alike && len(args) == 0) {
			return bad("one file with a set-up is wanted, not %d", len(args))
		}
		opening, _ := scenario.ByID(scenario.Default)
		setup, inputs, err := opening.Setup(), []session.Input(nil), error(nil)
		if len(args) == 1 {
			setup, inputs, err = readSetup(args[0])
		}
		switch {
		case err == nil && alike:
			setup, err = meet(setup, *host, *peer)
		case *story != "":
			setup, err = act(*story)
		}
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

// meet is setup with either side in a dialect, where one is named. Both start
// from the same account and the same message.
func meet(setup session.Setup, host, peer string) (session.Setup, error) {
	all, err := data.All()
	if err != nil {
		return setup, err
	}
	if host != "" {
		if err := scenario.ActServer(&setup, all, host); err != nil {
			return setup, bad("-server: %w", err)
		}
	}
	if peer != "" {
		if err := scenario.ActClient(&setup, all, peer); err != nil {
			return setup, bad("-client: %w", err)
		}
	}
	return setup, nil
}

// act is the set-up of a meeting's act, "ID/ACT" or the first of "ID".
func act(name string) (session.Setup, error) {
	all, err := data.All()
	if err != nil {
		return session.Setup{}, err
	}
	m, i, known := all.Meeting(name)
	if !known {
		return session.Setup{}, bad("-meeting: there is no %q", name)
	}
	return scenario.Meet(all, m, i)
}
