// The peer in Go: net/http and franz-go, one ProduceSync for each request. It checks no key and keeps no headers.
//
//	franz <brokers> <topic>
//
// Prints its address and serves until it is killed.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// As long as Forebay's answer, so that all write the same number of bytes.
const answer = `{"eventId":"01890a5d-ac96-774b-bcce-b302099a8057"}`

func main() {
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(brokers, topic string) error {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(brokers, ",")...),
		kgo.DefaultProduceTopic(topic),
		kgo.AllowAutoTopicCreation(),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
	)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(to http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			err = client.ProduceSync(request.Context(), &kgo.Record{Value: body}).FirstErr()
		}
		if err != nil {
			http.Error(to, err.Error(), http.StatusServiceUnavailable)
			return
		}
		to.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(to, answer)
	}))
}
