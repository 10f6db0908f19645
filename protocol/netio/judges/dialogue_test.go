//go:build !js

package judges

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A dialogue is a program that carries lines to a server and replies back, by
// its standard input and output.
type dialogue struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	errs    strings.Builder
}

func converse(t *testing.T, program string, args ...string) *dialogue {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	d := &dialogue{process: exec.CommandContext(ctx, program, args...)}
	d.process.Stderr, d.process.WaitDelay = &d.errs, time.Second
	var err error
	if d.in, err = d.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := d.process.StdoutPipe()
	if err == nil {
		err = d.process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.process.Process.Kill(); d.process.Wait() })
	d.out = bufio.NewReader(out)
	return d
}

// reply reads one reply and returns its text; lines that are none are the
// program's own. The code has to be the wanted one.
func (d *dialogue) reply(want string) (string, error) {
	code, text, err := d.read()
	switch {
	case err != nil || code == want:
		return text, err
	case code == "334":
		return text, errContinue
	}
	return text, fmt.Errorf("reply %s %s, want %s", code, text, want)
}

var errContinue = errors.New("reply 334, which was not wanted")

// until reads replies up to one with the wanted code.
func (d *dialogue) until(want string) error {
	for {
		if code, _, err := d.read(); err != nil || code == want {
			return err
		}
	}
}

func (d *dialogue) read() (code, text string, err error) {
	var heard strings.Builder
	for {
		line, err := d.out.ReadString('\n')
		heard.WriteString(line)
		if err != nil {
			d.process.Wait()
			return "", "", fmt.Errorf("%s ended: %w: %s%s", d.process.Args[0], err, heard.String(), d.errs.String())
		}
		if last := replyEnd.FindStringSubmatch(line); last != nil {
			return last[1], last[2], nil
		}
	}
}

// replyEnd is the last line of a reply.
var replyEnd = regexp.MustCompile(`^(\d{3}) ([^\r\n]*)`)

// ask says a line and reads the reply to it.
func (d *dialogue) ask(line, want string) (string, error) {
	if _, err := io.WriteString(d.in, line+"\r\n"); err != nil {
		return "", fmt.Errorf("%w: %s", err, d.errs.String())
	}
	return d.reply(want)
}

// A turn is a line and the code that it wants.
type turn struct{ line, want string }

func (d *dialogue) all(turns ...turn) error {
	for _, t := range turns {
		if _, err := d.ask(t.line, t.want); err != nil {
			return err
		}
	}
	return nil
}

// mail sends the letter in a session that has authenticated.
func (d *dialogue) mail(do task) error {
	stuffed := strings.ReplaceAll("\r\n"+string(do.Letter), "\r\n.", "\r\n..")[2:]
	return d.all(turn{"MAIL FROM:<" + do.From + ">", "250"}, turn{"RCPT TO:<" + do.To + ">", "250"},
		turn{"DATA", "354"}, turn{stuffed + ".", "250"}, turn{"QUIT", "221"})
}

// byHand are mechanisms as somebody would do them with a terminal, by the
// documents alone and not with our code.
var byHand = map[string]func(*dialogue, task) error{
	"PLAIN": func(d *dialogue, do task) error { // RFC 4616 §2
		return d.all(turn{"AUTH PLAIN " + b64("\x00"+do.User+"\x00"+do.Password), "235"})
	},
	"LOGIN": func(d *dialogue, do task) error { // draft-murchison-sasl-login
		return d.all(turn{"AUTH LOGIN", "334"}, turn{b64(do.User), "334"}, turn{b64(do.Password), "235"})
	},
	"CRAM-MD5": func(d *dialogue, do task) error { // RFC 2195 §2
		text, err := d.ask("AUTH CRAM-MD5", "334")
		if err != nil {
			return err
		}
		challenge, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return err
		}
		mac := hmac.New(md5.New, []byte(do.Password))
		mac.Write(challenge)
		return d.all(turn{b64(fmt.Sprintf("%s %x", do.User, mac.Sum(nil))), "235"})
	},
	"XOAUTH2": func(d *dialogue, do task) error { // Google's description
		return d.token("AUTH XOAUTH2 "+b64("user="+do.User+"\x01auth=Bearer "+do.Token+"\x01\x01"), "")
	},
	"OAUTHBEARER": func(d *dialogue, do task) error { // RFC 7628 §3.1
		return d.token("AUTH OAUTHBEARER "+b64("n,a="+do.User+",\x01host="+do.Host+"\x01port="+do.Port+"\x01auth=Bearer "+do.Token+"\x01\x01"), "AQ==")
	},
	"EXTERNAL": func(d *dialogue, do task) error { // RFC 4422 app. A
		return d.all(turn{"AUTH EXTERNAL =", "235"})
	},
	"ANONYMOUS": func(d *dialogue, do task) error { // RFC 4505
		return d.all(turn{"AUTH ANONYMOUS", "334"}, turn{b64("a trace"), "235"})
	},
}

// token says an AUTH line; where the server explains itself first, the answer
// (RFC 7628 §3.2.3).
func (d *dialogue) token(line, answer string) error {
	_, err := d.ask(line, "235")
	if errors.Is(err, errContinue) {
		_, err = d.ask(answer, "235")
	}
	return err
}

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
