package main

import (
	"context"
	"flag"
	"fmt"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/replay"
)

var replayCommand = command{name: "replay", about: `
[-dialect ID] FILE...

Plays recorded sessions to our server, and where a client's dialect is named in
them to our client, and compares the answers: reply codes and enhanced codes
exactly, texts but for what differs on every run. Prints each difference, and
how many files passed.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	id := fs.String("dialect", "", "the `ID` of the dialect, instead of those that the recording names; ID/VARIANT names a configuration")
	return func(_ context.Context, args []string, s streams) error {
		if len(args) == 0 {
			return bad("no file is given")
		}
		all, err := data.All()
		if err != nil {
			return err
		}
		passed, failed, total := 0, 0, replay.Result{}
		for _, file := range args {
			text, err := readFile(file, maxRecording)
			if err != nil {
				return err
			}
			r, err := replay.Parse(text)
			if err != nil {
				return bad("%s: %w", file, err)
			}
			result, err := replay.Run(r, all, *id)
			if err != nil {
				return bad("%s: %w", file, err)
			}
			for _, d := range result.Differences {
				what := "text"
				if d.Code {
					what = "code"
				}
				fmt.Fprintf(s.out, "%s: line %d: %s\n  recorded %q\n  ours     %q\n", visible(file), d.Line+1, what, d.Recorded, d.Ours)
			}
			if result.Passed() {
				passed++
			} else {
				failed++
			}
			total.Add(result)
		}
		fmt.Fprintf(s.out, "%d of %d answers with the same code, %d with the same text\n", total.Codes, total.Compared, total.Texts)
		fmt.Fprintf(s.out, "%d passed, %d failed\n", passed, failed)
		if failed > 0 {
			return fmt.Errorf("%d recordings differ", failed)
		}
		return nil
	}
}}
