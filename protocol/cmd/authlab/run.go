package main

import (
	"context"
	"flag"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

var runCommand = command{name: "run", about: `
[-server ID] [-client ID] [-json] [SETUP.json]

Runs a session of both machines in memory, from a set-up as the page writes it:
its inputs first, then step by step to the end. Prints the conversation, "S: "
and "C: " before each line; -json prints frames instead, one JSON object a line.
The set-up's passwords are not masked.

With -server and -client either side behaves like a real one; without a set-up
they meet in the one that the page opens with.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	json := fs.Bool("json", false, "print frames")
	host := fs.String("server", "", "the server behaves like the real one with this `ID`, or ID/VARIANT")
	peer := fs.String("client", "", "the client behaves like the real one with this `ID`")
	return func(_ context.Context, args []string, s streams) error {
		alike := *host != "" || *peer != ""
		if len(args) != 1 && !(alike && len(args) == 0) {
			return bad("one file with a set-up is wanted, not %d", len(args))
		}
		opening, _ := scenario.ByID(scenario.Default)
		setup, inputs, err := opening.Setup(), []session.Input(nil), error(nil)
		if len(args) == 1 {
			setup, inputs, err = readSetup(args[0])
		}
		if err == nil && alike {
			setup, err = meet(setup, *host, *peer)
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

// rename renames the account, where the server's users call themselves otherwise.
func rename(setup *session.Setup, all *dialect.All, id string) {
	s, _ := all.Server(id)
	if s.Account == "" || len(setup.Server.Accounts) == 0 {
		return
	}
	setup.Server.Accounts[0].Name, setup.Client.User.Authcid = s.Account, s.Account
	if m := setup.Client.Mail; m != nil {
		mail := *m
		mail.From = s.Account
		setup.Client.Mail = &mail
	}
}

// meet is setup with either side in a dialect, where one is named. Both start
// from the same account and the same message.
func meet(setup session.Setup, host, peer string) (session.Setup, error) {
	all, err := data.All()
	if err != nil {
		return setup, err
	}
	if host != "" {
		id, variant, _ := strings.Cut(host, "/")
		if setup.Server, err = all.Policy(setup.Server, id, variant); err != nil {
			return setup, bad("-server: %w", err)
		}
		setup.Client.Host = setup.Server.Host
		rename(&setup, all, id)
	}
	if peer != "" {
		if setup.Client, err = all.Plan(setup.Client, peer, ""); err != nil {
			return setup, bad("-client: %w", err)
		}
	}
	if setup.Server.Role == server.Submissions { // TLS comes first, whatever the client's way is
		setup.Client.TLS = client.Implicit
	}
	return setup, nil
}
