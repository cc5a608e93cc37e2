import AviaryDatasets
import AviaryLayers
import AviaryTensors
import AviaryTracking
import AviaryTrackingClient
import AviaryTraining

// own-model FOLDER [STORE]: FOLDER holds one folder of PNG or JPEG images for each class.
let arguments = CommandLine.arguments
guard arguments.count > 1 else { fatalError("usage: own-model FOLDER [STORE]") }
let images = try FolderDataset(folder: arguments[1]).images(channels: 1, height: 28, width: 28)
let training = images.subset(at: (0..<images.count).filter { $0 % 5 != 0 })
let validation = images.subset(at: (0..<images.count).filter { $0 % 5 == 0 })

var random = RandomStream(seed: 1, name: "initialisation")
let model = OwnModel(channels: 1, classes: images.classNames.count, random: &random)

var plan = TrainingPlan()
plan.epochCount = 8
plan.batchSize = 32
plan.learningRate = 0.1

let recorder = try await LocalRecorder.start(
    store: arguments.count > 2 ? arguments[2] : ".aviary", experiment: "own-model",
    params: ["learning-rate": "\(plan.learningRate)", "images": "\(training.count)"])
try await ImageTrainer(model, on: training, validation: validation, plan: plan, recorder: recorder).run()
let figures = try await evaluate(model, on: validation, normalisation: ImageNormalisation(of: training))
print("\(model.parameterCount) parameters, validation accuracy \(figures.accuracy)")
try await recorder.finish(.finished)
