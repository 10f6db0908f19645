package client

import (
	"embed"
	"testing"

	"example.org/smtpauth/protocol/held"
)

//go:embed *_test.go testdata/*.txt testdata/held.tsv
var testFiles embed.FS

// TestMain compares which rules the events of all tests carried with the list
// that is kept.
func TestMain(m *testing.M) { held.Main(m, testFiles) }
