package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/matrix"
)

var matrixCommand = command{name: "matrix", about: `
[-server ID,ID] [-client ID,ID]

Lets servers meet clients in memory, all of them unless some are named, and
prints a line for each pair: server, client, what it came to, the mechanism used
last, "tls" or "clear" ("readable" where the password stood on the wire), the
client's first fault and the reply code behind it; then how often each came.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	hosts := fs.String("server", "", "`IDs` of servers")
	peers := fs.String("client", "", "`IDs` of clients")
	return func(_ context.Context, args []string, s streams) error {
		if len(args) > 0 {
			return bad("no argument is wanted, not %q", args[0])
		}
		all, err := data.All()
		if err != nil {
			return err
		}
		m, err := matrix.Compute(all, ids(*hosts), ids(*peers))
		if err != nil {
			return badInput{err}
		}
		count := map[matrix.Outcome]int{}
		for i, host := range m.Servers {
			for j, peer := range m.Clients {
				c := m.At(i, j)
				count[c.Outcome]++
				fmt.Fprintln(s.out, host, peer, cell(c))
			}
		}
		for _, o := range matrix.Outcomes {
			if count[o] > 0 {
				fmt.Fprintln(s.out, count[o], o)
			}
		}
		return nil
	}
}}

func ids(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// cell is a cell in words.
func cell(c matrix.Cell) string {
	words := []string{string(c.Outcome)}
	if c.Mechanism != "" {
		words = append(words, c.Mechanism)
	}
	switch {
	case c.TLS:
		words = append(words, "tls")
	case c.Readable:
		words = append(words, "readable")
	default:
		words = append(words, "clear")
	}
	if c.Fault != "" {
		words = append(words, c.Fault)
	}
	if c.Code != 0 {
		words = append(words, fmt.Sprint(c.Code))
	}
	return strings.Join(words, " ")
}
