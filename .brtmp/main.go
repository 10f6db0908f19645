package main
import ("os";"fmt";"bytes";"github.com/andybalholm/brotli")
func main(){ d,_:=os.ReadFile("/tmp/app.wasm"); var b bytes.Buffer; w:=brotli.NewWriterLevel(&b,11); w.Write(d); w.Close(); fmt.Println(len(d), b.Len()) }
